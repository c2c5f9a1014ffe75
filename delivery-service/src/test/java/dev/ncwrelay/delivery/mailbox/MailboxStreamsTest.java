package dev.ncwrelay.delivery.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class MailboxStreamsTest {

    @Test
    void error_isToldFromAnException_howeverItIsWrapped() {
        assertThat(MailboxStreams.isError(new NoClassDefFoundError("x"))).isTrue();
        assertThat(MailboxStreams.isError(new StreamsException(new IllegalStateException(new StackOverflowError()))))
                .isTrue();
        assertThat(MailboxStreams.isError(new StreamsException("broker away"))).isFalse();
    }
}
