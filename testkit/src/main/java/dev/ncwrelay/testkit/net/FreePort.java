package dev.ncwrelay.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port that no program listens on now. It is below the ports of outgoing connections (from 32768 on Linux), so
 * that the port of a stopped server stays free until its restart, also while clients try to connect to it.
 */
public final class FreePort {

    private static final int MIN_PORT = 12_000;
    private static final int MAX_PORT = 32_000;
    private static final int TRIES = 1_000;

    private FreePort() {}

    public static int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(MIN_PORT, MAX_PORT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + MIN_PORT + " to " + MAX_PORT);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
