package dev.ncwrelay.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** A proxy that cuts each connection after some bytes of its answers, and can let those that are open die in silence. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final IntSupplier cutAfter;
    private final AtomicInteger cuts = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private CuttingProxy(int target, IntSupplier cutAfter) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.cutAfter = cutAfter;
    }

    /** @param cutAfter after how many bytes the next connection is cut */
    static CuttingProxy to(int port, IntSupplier cutAfter) throws IOException {
        var proxy = new CuttingProxy(port, cutAfter);
        proxy.threads.execute(proxy::accept);
        return proxy;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/base");
    }

    int cuts() {
        return cuts.get();
    }

    /** The connections of now carry nothing any more, and stay open. */
    void freeze() {
        silent.addAll(sockets);
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                var relay = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(relay);
                threads.execute(() -> carry(client, relay, Integer.MAX_VALUE));
                threads.execute(() -> carry(relay, client, cutAfter.getAsInt()));
            }
        } catch (IOException closed) {
            // By the test's end.
        }
    }

    private void carry(Socket from, Socket to, int bytes) {
        var buffer = new byte[8_192];
        try (from;
                to) {
            int left = bytes;
            while (left > 0) {
                int count = from.getInputStream().read(buffer, 0, Math.min(left, buffer.length));
                if (count < 0) {
                    return;
                }
                if (silent.contains(from)) {
                    continue;
                }
                to.getOutputStream().write(buffer, 0, count);
                left -= bytes == Integer.MAX_VALUE ? 0 : count;
            }
            cuts.incrementAndGet();
        } catch (IOException otherSideIsGone) {
            // The next connection has new sockets.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (var socket : sockets) {
            socket.close();
        }
        threads.close();
    }
}
