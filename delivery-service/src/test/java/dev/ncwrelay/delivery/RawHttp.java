package dev.ncwrelay.delivery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP/1 client that sends any bytes, malformed ones too, and reads one response. */
final class RawHttp {

    /** Longer than any response takes on a busy machine; a request that is held for longer is a failure. */
    private static final int READ_TIMEOUT_MILLIS = 40_000;

    private static final String EVENT_STREAM = "text/event-stream";

    private final int port;

    RawHttp(int port) {
        this.port = port;
    }

    /**
     * An answer.
     *
     * @param status 0 when the connection was closed without one
     * @param headers by names in lower case, the last of each
     */
    record Answer(int status, Map<String, String> headers, String text) {

        static final Answer NONE = new Answer(0, Map.of(), "");

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(text);
        }

        @Override
        public String toString() {
            return status + " " + headers + " " + text;
        }
    }

    /** Sends these bytes on a new connection; of an event stream only the head is read. */
    Answer send(byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            try {
                socket.getOutputStream().write(request);
            } catch (SocketException e) {
                // The server may respond and close before it has read everything.
            }
            return read(socket.getInputStream(), !isHead(request));
        } catch (SocketException e) {
            return Answer.NONE;
        }
    }

    private static boolean isHead(byte[] request) {
        return new String(request, 0, Math.min(5, request.length), StandardCharsets.ISO_8859_1).equals("HEAD ");
    }

    private static Answer read(InputStream in, boolean hasBody) throws IOException {
        while (true) {
            var head = head(in);
            if (head.isEmpty()) {
                return Answer.NONE;
            }
            var lines = head.split("\r\n");
            int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
            if (status / 100 == 1 && status != 101) {
                continue;
            }
            var headers = new LinkedHashMap<String, String>();
            Arrays.stream(lines)
                    .skip(1)
                    .forEach(line -> headers.put(
                            line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                            line.substring(line.indexOf(':') + 1).strip()));
            return new Answer(
                    status, headers, hasBody ? new String(body(in, status, headers), StandardCharsets.UTF_8) : "");
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int one = in.read();
            if (one < 0) {
                return "";
            }
            head.write(one);
            matched = one == "\r\n\r\n".charAt(matched) ? matched + 1 : one == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(InputStream in, int status, Map<String, String> headers) throws IOException {
        if (status == 101
                || status == 204
                || headers.getOrDefault("content-type", "").startsWith(EVENT_STREAM)) {
            return new byte[0];
        }
        if (headers.containsKey("content-length")) {
            return in.readNBytes(Integer.parseInt(headers.get("content-length")));
        }
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            return chunks(in);
        }
        return in.readAllBytes();
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(line(in), 16);
            new ByteArrayInputStream(in.readNBytes(length)).transferTo(body);
            line(in);
            if (length == 0) {
                return body.toByteArray();
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int one = in.read(); one >= 0 && one != '\n'; one = in.read()) {
            line.append((char) one);
        }
        return line.toString().strip();
    }
}
