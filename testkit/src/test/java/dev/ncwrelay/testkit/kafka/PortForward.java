package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.testkit.net.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A loopback port that forwards to another while it is open. Cut, it is to a client what a server is that has been
 * killed: connections end, and new ones are refused.
 */
final class PortForward implements AutoCloseable {

    private final int target;
    private final int port = FreePort.next();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket server;

    private PortForward(int target) {
        this.target = target;
    }

    /** A port that refuses connections until it is opened. */
    static PortForward to(int target) {
        return new PortForward(target);
    }

    int port() {
        return port;
    }

    PortForward open() {
        try {
            var listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            server = listening;
            Thread.startVirtualThread(() -> accept(listening));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void cut() {
        if (server != null) {
            close(server);
        }
        sockets.forEach(PortForward::close);
    }

    @Override
    public void close() {
        cut();
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                var client = keep(listening, listening.accept());
                var behind = keep(listening, new Socket(InetAddress.getLoopbackAddress(), target));
                Thread.startVirtualThread(() -> copy(client, behind));
                Thread.startVirtualThread(() -> copy(behind, client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private Socket keep(ServerSocket listening, Socket socket) {
        sockets.add(socket);
        if (listening.isClosed()) {
            close(socket);
        }
        return socket;
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has ended, and so does the other.
        }
    }

    private static void close(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
