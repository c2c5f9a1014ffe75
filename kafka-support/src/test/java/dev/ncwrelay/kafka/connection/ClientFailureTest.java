package dev.ncwrelay.kafka.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ClientFailureTest {

    @Test
    void text_isTheMessage_withoutNamesOfClasses() {
        assertThat(ClientFailure.text(new TimeoutException("no answer of brokers")))
                .isEqualTo("no answer of brokers");
        var refused = new ConnectException("Connection refused: 10.0.0.1");
        assertThat(ClientFailure.text(new ExecutionException(refused))).isEqualTo("Connection refused: 10.0.0.1");
        assertThat(ClientFailure.text(new IllegalStateException(new ExecutionException(refused))))
                .isEqualTo("Connection refused: 10.0.0.1");
        assertThat(ClientFailure.text(new IllegalStateException("relay.kafka.partitions: 12 is expected")))
                .isEqualTo("relay.kafka.partitions: 12 is expected");
    }

    @Test
    void text_ofAMessageThatIsABareName_saysWhatItIs() {
        assertThat(ClientFailure.text(new UnknownHostException("rabbitmq"))).isEqualTo("unknown host: rabbitmq");
        assertThat(ClientFailure.text(new NoSuchFileException("ca.p12"))).isEqualTo("no such file: ca.p12");
    }

    @Test
    void text_ofAnExceptionWithoutAMessage_isItsNameInWords() {
        assertThat(ClientFailure.text(new DisconnectException())).isEqualTo("disconnect");
        assertThat(ClientFailure.text(new InvalidProducerEpochException(""))).isEqualTo("invalid producer epoch");
        assertThat(ClientFailure.text(new IllegalStateException(new DisconnectException())))
                .isEqualTo("disconnect");
    }
}
