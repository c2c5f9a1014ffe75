package dev.ncwrelay.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loopback port that no program listens on now. It is below the ports of outgoing connections (from 32768 on Linux), so
 * that the port of a stopped server stays free until its restart, also while clients try to connect to it.
 *
 * <p>Servers bind their port seconds after it was chosen. So each JVM takes ports from a block of its own, in turn: JVMs that
 * run at the same time have blocks by their process ids, and a JVM repeats a port only after all others of its block.
 */
public final class FreePort {

    private static final int MIN_PORT = 12_000;
    private static final int MAX_PORT = 32_000;
    private static final int BLOCK = 100;
    private static final int BLOCKS = (MAX_PORT - MIN_PORT) / BLOCK;
    private static final int FIRST =
            MIN_PORT + Math.floorMod(ProcessHandle.current().pid(), BLOCKS) * BLOCK;

    private static final AtomicInteger TAKEN = new AtomicInteger();

    private FreePort() {}

    public static int next() {
        for (int tries = 0; tries < BLOCK; tries++) {
            int port = FIRST + Math.floorMod(TAKEN.getAndIncrement(), BLOCK);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + (FIRST + BLOCK - 1));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
