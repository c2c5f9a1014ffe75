package dev.ncwrelay.testkit.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port that nobody listens on just now. It lies below those the system gives to outgoing connections (from
 * 32768 on Linux): a server that is stopped and started again must find its port free, and a client that tries it in
 * between must not be given it as its own.
 */
public final class FreePort {

    private static final int LEAST = 12_000;
    private static final int BEYOND = 32_000;
    private static final int TRIES = 1_000;

    private FreePort() {}

    public static int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, BEYOND);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + LEAST + " to " + BEYOND);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
