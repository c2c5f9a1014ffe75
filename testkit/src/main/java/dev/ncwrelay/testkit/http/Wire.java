package dev.ncwrelay.testkit.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** The raw connection under one request, for answers that a well-behaved server would never write. */
final class Wire {
    private final EndPoint connection;
    private final Callback done;
    private final Delay delay;

    private Wire(EndPoint connection, Callback done, Delay delay) {
        this.connection = connection;
        this.done = done;
        this.delay = delay;
    }

    static Wire under(Request request, Callback done, Delay delay) {
        return new Wire(request.getConnectionMetaData().getConnection().getEndPoint(), done, delay);
    }

    void trickle(Answer.Trickle answer) {
        var head = head(answer.reply());
        var body = answer.reply().body().toArray();
        switch (answer.part()) {
            case HEAD -> pieces(head, 0, answer, () -> write(ByteBuffer.wrap(body), () -> cut(Abort.CLOSE)));
            case BODY -> write(ByteBuffer.wrap(head), () -> pieces(body, 0, answer, () -> cut(Abort.CLOSE)));
        }
    }

    void truncate(Answer.Truncated answer) {
        var body = ByteBuffer.wrap(answer.reply().body().toArray(), 0, answer.bodyBytes());
        write(ByteBuffer.wrap(head(answer.reply())), () -> write(body, () -> cut(answer.abort())));
    }

    void cut(Abort abort) {
        end((SocketChannel) connection.getTransport(), abort);
        connection.close();
        done.failed(new EofException("cut on purpose"));
    }

    /** With a zero linger time TCP resets the connection on close (RFC 9293, section 3.10.4, ABORT). */
    static void end(SocketChannel socket, Abort abort) {
        try {
            if (abort == Abort.RESET) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            socket.close();
        } catch (ClosedChannelException alreadyGone) {
            // The client or the server has closed the connection.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pieces(byte[] all, int from, Answer.Trickle pace, Runnable then) {
        if (from >= all.length) {
            then.run();
            return;
        }
        var length = Math.min(pace.bytes(), all.length - from);
        write(
                ByteBuffer.wrap(all, from, length),
                () -> delay.after(pace.every(), () -> pieces(all, from + length, pace, then)));
    }

    private void write(ByteBuffer buffer, Runnable then) {
        connection.write(Callback.from(then, done::failed), buffer);
    }

    private static byte[] head(Answer.Reply reply) {
        var head = new StringBuilder("HTTP/1.1 ")
                .append(reply.status())
                .append(' ')
                .append(HttpStatus.getMessage(reply.status()))
                .append("\r\n");
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(reply.body().size()).append("\r\nConnection: close\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
