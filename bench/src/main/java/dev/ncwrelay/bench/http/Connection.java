package dev.ncwrelay.bench.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** One connection to a server on this machine, for one request at a time. A virtual thread waits for the answer. */
public final class Connection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;
    /** Longer than the longest wait of a poll. */
    private static final int ANSWER_MILLIS = 90_000;

    private static final int BUFFER_BYTES = 2_048;

    private final Socket socket;
    private final AnswerReader answers;
    private long usedAtNanos = System.nanoTime();

    private Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.answers = new AnswerReader(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    }

    public static Connection open(int port) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS);
        try {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), CONNECT_MILLIS);
            return new Connection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public Answer send(Request request) throws IOException {
        request.writeTo(socket.getOutputStream());
        var answer = answers.read();
        usedAtNanos = answer.cameAtNanos();
        return answer;
    }

    boolean isClosing() {
        return answers.isClosing();
    }

    long idleNanos() {
        return System.nanoTime() - usedAtNanos;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is given up in any case.
        }
    }
}
