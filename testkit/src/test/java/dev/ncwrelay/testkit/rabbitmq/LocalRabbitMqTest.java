package dev.ncwrelay.testkit.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RabbitMQ as a process or in a container: it is taken down and comes back at the same address. */
@Tag("brokers")
@Tag("fixtures")
class LocalRabbitMqTest {

    private static final byte[] AMQP = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int METHOD_FRAME = 1;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static LocalRabbitMq rabbit;

    @BeforeAll
    static void start() {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        rabbit = LocalRabbitMq.start(null);
    }

    @AfterAll
    static void close() {
        if (rabbit != null) {
            rabbit.close();
        }
    }

    @Test
    void killed_refusesConnections_andComesBack() throws IOException {
        rabbit.kill();

        assertThatThrownBy(() -> greet(TIMEOUT)).isInstanceOf(ConnectException.class);
        rabbit.restart();
        assertThat(greet(TIMEOUT)).isEqualTo(METHOD_FRAME);
    }

    @Test
    void stopped_refusesConnections_andComesBack() throws IOException {
        rabbit.stop();

        assertThatThrownBy(() -> greet(TIMEOUT)).isInstanceOf(ConnectException.class);
        rabbit.restart();
        assertThat(greet(TIMEOUT)).isEqualTo(METHOD_FRAME);
    }

    @Test
    void paused_answersNothing() throws IOException {
        rabbit.pause();

        assertThatThrownBy(() -> greet(Duration.ofSeconds(1))).isInstanceOf(SocketTimeoutException.class);
        rabbit.resume();
        assertThat(greet(TIMEOUT)).isEqualTo(METHOD_FRAME);
    }

    @Test
    void alarm_isAcceptedAndEnded() {
        assertThatCode(() -> {
                    rabbit.setAlarm(true);
                    rabbit.setAlarm(false);
                })
                .doesNotThrowAnyException();
    }

    /** The first byte that it answers a client's protocol header with. */
    private static int greet(Duration timeout) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), rabbit.port())) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.getOutputStream().write(AMQP);
            return socket.getInputStream().read();
        }
    }
}
