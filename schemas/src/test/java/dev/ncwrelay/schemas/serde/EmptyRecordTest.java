package dev.ncwrelay.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.Topics;
import java.io.ByteArrayOutputStream;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class EmptyRecordTest {

    @Test
    void emptyRecord_ofEveryTopic_canBeWritten() {
        TrustedRecords.declare();

        assertThat(Topics.all()).allSatisfy(topic -> {
            SpecificRecord record = EmptyRecord.of(topic.recordType());
            var out = new ByteArrayOutputStream();
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);

            new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);

            assertThat(out.size()).isPositive();
        });
    }
}
