package dev.ncwrelay.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A port on 127.0.0.1. */
public final class LoopbackPort {

    private LoopbackPort() {}

    /**
     * Checks that a component can bind it.
     *
     * @throws PortInUseException when another program listens on it
     */
    public static void requireFree(String component, int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        } catch (IOException e) {
            throw new PortInUseException(component, port);
        }
    }
}
