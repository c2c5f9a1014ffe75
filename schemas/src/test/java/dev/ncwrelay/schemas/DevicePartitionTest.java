package dev.ncwrelay.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class DevicePartitionTest {

    @Property
    void of_equalsKafkasDefaultPartitioner(@ForAll String key, @ForAll @IntRange(min = 1, max = 1_000) int partitions) {
        assertThat(DevicePartition.of(key, partitions))
                .isEqualTo(BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), partitions));
    }

    /** Computed once with another implementation (kafkajs 2.2.4, DefaultPartitioner), so that both cannot drift together. */
    @Test
    void of_equalsOtherImplementations() {
        assertThat(DevicePartition.of("f16e05e0-1869-4a6b-9678-17a1c14ed482", 12))
                .isEqualTo(5);
        assertThat(DevicePartition.of("f16e05e0-1869-4a6b-9678-17a1c14ed482", 128))
                .isEqualTo(105);
    }

    @Test
    void of_rejectsZeroPartitions() {
        assertThatIllegalArgumentException().isThrownBy(() -> DevicePartition.of("device", 0));
    }
}
