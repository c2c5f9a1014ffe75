package dev.ncwrelay.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1.1 connection whose packets the test controls: half-closed, reset, pipelined or never read. */
final class RawConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    /** The headers of a WebSocket handshake. */
    static final List<String> UPGRADE = List.of(
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Protocol: ncw.relay.v1+json");

    private final Socket socket;
    private final InputStream in;
    private final String token;

    private RawConnection(Socket socket, String token) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.token = token;
    }

    static RawConnection open(RunningDelivery delivery) {
        return open(delivery.port(), delivery.token(RunningDelivery.USER));
    }

    static RawConnection open(int port, String token) {
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return new RawConnection(socket, token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer. */
    record Answer(int status, Map<String, String> headers, String body) {}

    RawConnection send(String requests) {
        return send(requests.getBytes(UTF_8));
    }

    RawConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawConnection get(String path) {
        return send(request("GET", path, "", ""));
    }

    RawConnection post(String path, String body) {
        return send(request("POST", path, "", body));
    }

    RawConnection upgrade(String path) {
        return send(request("GET", path, String.join("\r\n", UPGRADE) + "\r\n", ""));
    }

    /** The bytes of a request. */
    String request(String method, String path, String headers, String body) {
        var length = method.equals("GET") ? "" : "Content-Length: " + body.getBytes(UTF_8).length + "\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: any\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\n" + length + headers + "\r\n" + body;
    }

    /** The next response with a length or chunks; of a stream its headers. */
    Answer answer() throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return new Answer(status, headers, body(headers));
    }

    /** Reads until this text has arrived, which has only ASCII characters. */
    void awaitText(String text) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(text, read.length() - text.length()) < 0) {
            int one = in.read();
            if (one < 0) {
                throw new EOFException();
            }
            read.append((char) one);
        }
    }

    /** True when the other side has closed the connection and nothing is left to read. */
    boolean isEnded() throws IOException {
        return in.read() < 0;
    }

    /** What {@code close} of most clients does. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes the sending half; reading remains possible. */
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("Content-Length")) {
            return new String(in.readNBytes(Integer.parseInt(headers.get("Content-Length"))), UTF_8);
        }
        boolean isStream = headers.getOrDefault("Content-Type", "").startsWith("text/event-stream");
        if (isStream
                || !"chunked"
                        .equals(headers.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT))) {
            return "";
        }
        var body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toString(UTF_8);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                throw new EOFException();
            }
            line.write(one);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
