package dev.ncwrelay.delivery.http.connection;

import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.junit.jupiter.api.RepeatedTest;

class WatchedConnectorTest {

    private static final int LIMIT_MILLIS = 60_000;

    @RepeatedTest(20)
    void connections_acceptedDuringClose_areClosed() throws Exception {
        // Given
        var server = new Server(new VirtualThreadPool());
        var connector = WatchedConnector.like(new ServerConnector(server), Runnable::run);
        connector.setAcceptQueueSize(4_096);
        server.addConnector(connector);
        server.start();
        int port = connector.getLocalPort();
        var clients = new FutureTask<>(() -> connectedUntilRefused(port));
        Thread.ofPlatform().start(clients);
        while (connector.getConnectedEndPoints().isEmpty()) {
            Thread.onSpinWait();
        }

        // When
        var _ = connector.shutdown();
        server.stop();

        // Then
        for (var client : clients.get()) {
            try (client) {
                client.setSoTimeout(LIMIT_MILLIS);
                assertThatNoException().isThrownBy(() -> awaitEnd(client));
            }
        }
    }

    private static List<Socket> connectedUntilRefused(int port) throws IOException {
        var connected = new ArrayList<Socket>();
        while (true) {
            try {
                connected.add(new Socket(InetAddress.getLoopbackAddress(), port));
            } catch (SocketException refused) {
                return connected;
            }
        }
    }

    /**
     * It sends first, as all clients do: if closing the listening socket drops a connection during the handshake, a
     * client that only reads is not notified.
     */
    private static void awaitEnd(Socket client) throws IOException {
        try {
            client.getOutputStream().write('G');
            var _ = client.getInputStream().read();
        } catch (SocketException reset) {
            // Closed as well.
        }
    }
}
