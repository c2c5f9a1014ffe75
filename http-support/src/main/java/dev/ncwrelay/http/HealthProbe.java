package dev.ncwrelay.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The health check of a container, in which there is neither a shell nor curl: asks one URL once, and ends with 0 if the
 * answer's status is 200 and otherwise with 1. Then it prints the answer, which names what is not ready; the container
 * engine keeps that. It runs every few seconds, so it uses a plain socket: a tenth of the classes of an HTTP client.
 */
public final class HealthProbe {

    private static final int TIMEOUT_MILLIS = 4_000;
    private static final int PRINTED_BYTES = 4_096;

    private HealthProbe() {}

    /** The URL, with its port, is the argument or else the variable {@code RELAY_HEALTH_URL}. */
    public static void main(String[] args) {
        var answer = ask(URI.create(args.length > 0 ? args[0] : System.getenv("RELAY_HEALTH_URL")));
        if (!answer.matches("HTTP/1\\.[01] 200 (?s:.*)")) {
            System.out.println(answer);
            System.exit(1);
        }
    }

    /** The beginning of the answer, or why there is none. */
    static String ask(URI url) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var request = "GET " + url.getRawPath() + " HTTP/1.0\r\nHost: " + url.getRawAuthority() + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(PRINTED_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return url + ": " + e;
        }
    }
}
