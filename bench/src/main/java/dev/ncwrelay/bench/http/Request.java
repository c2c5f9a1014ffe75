package dev.ncwrelay.bench.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A request as it goes over the wire, made before it is due. */
public final class Request {

    private final byte[] wire;

    private Request(byte[] wire) {
        this.wire = wire;
    }

    public static Request post(String path, Map<String, String> headers, byte[] body) {
        return of("POST", path, headers, body);
    }

    public static Request put(String path, Map<String, String> headers, byte[] body) {
        return of("PUT", path, headers, body);
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(wire);
    }

    private static Request of(String method, String path, Map<String, String> headers, byte[] body) {
        var head = new StringBuilder(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        var start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var wire = new byte[start.length + body.length];
        System.arraycopy(start, 0, wire, 0, start.length);
        System.arraycopy(body, 0, wire, start.length, body.length);
        return new Request(wire);
    }
}
