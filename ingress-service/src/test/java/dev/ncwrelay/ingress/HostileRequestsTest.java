package dev.ncwrelay.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ncwrelay.ingress.webhook.ApiDescription;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Every request gets a response that openapi.yaml describes, and no stack trace is logged. */
@Tag("kafka")
class HostileRequestsTest {

    private static final int REQUESTS = 2000;
    private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.[01] (\\d{3}) ");
    private static final Pattern TYPE = Pattern.compile("\"type\":\"([^\"]+)\"");

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
    private static RunningIngress ingress;

    private final Map<Integer, List<String>> problems = ApiDescription.read().problems("/webhooks/fireblocks");

    @BeforeAll
    static void start() {
        ingress = RunningIngress.start(
                        FIREBLOCKS,
                        SharedStack.get().connection(),
                        "--relay.ingress.http.forged-delay=0s",
                        "--relay.ingress.http.rate-window=1s")
                .ready();
        LOG.start();
        root().addAppender(LOG);
    }

    @AfterAll
    static void stop() {
        root().detachAppender(LOG);
        ingress.close();
        FIREBLOCKS.close();
    }

    static List<String> requests() {
        var post = "POST /webhooks/fireblocks HTTP/1.1\r\nHost: any\r\n";
        return List.of(
                "GET /webhooks/fireblocks?consumer=%ff HTTP/1.1\r\nHost: any\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: any\r\n\r\n",
                "GET /a%2Fb HTTP/1.1\r\nHost: any\r\n\r\n",
                "POST /webhooks/..%2Ffireblocks HTTP/1.1\r\nHost: any\r\n\r\n",
                "POST /webhooks//fireblocks HTTP/1.1\r\nHost: any\r\nContent-Length: 0\r\n\r\n",
                "POST /webhooks/fireblocks;x=1 HTTP/1.1\r\nHost: any\r\nContent-Length: 0\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: any\r\n\r\n",
                "CONNECT any:1 HTTP/1.1\r\nHost: any\r\n\r\n",
                "TRACE /webhooks/fireblocks HTTP/1.1\r\nHost: any\r\n\r\n",
                "POST /webhooks/fireblocks HTTP/9.9\r\nHost: any\r\n\r\n",
                "POST /webhooks/fireblocks HTTP/1.1\r\n\r\n",
                "POST /webhooks/fireblocks\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                post + "Transfer-Encoding: gzip\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nabc",
                post + "Content-Length: -1\r\n\r\n",
                post + "Content-Length: 99999999999999999999\r\n\r\n",
                post + "Content-Length: 4000000000\r\n\r\n",
                post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
                post + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n",
                post + "Content-Length: 3\r\nExpect: unknown\r\n\r\nabc",
                post + "X: " + "x".repeat(20_000) + "\r\n\r\n",
                post + "Accept: image/png\r\nContent-Length: 0\r\n\r\n",
                post + "Accept: ////\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc",
                post + "Content-Type: \u00ff\r\nContent-Length: 3\r\n\r\nabc",
                post + "Fireblocks-Webhook-Signature: \u0080..\u0080\r\nContent-Length: 0\r\n\r\n",
                post + "Bad Header\u0000: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "\r\n\r\n\r\n",
                "{}");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void request_isAnsweredAsDescribed(String request) throws IOException {
        assertAnswered(request);
    }

    @Test
    void requests_atRandomAreAnsweredAsDescribed() throws IOException {
        var random = new Random(20_260_101);
        for (int i = 0; i < REQUESTS; i++) {
            assertAnswered(request(random));
        }
    }

    @Test
    void body_thatComesTooSlowlyIsAnswered408() throws IOException {
        var request = new StringBuilder("POST /webhooks/fireblocks HTTP/1.1\r\nHost: any\r\nContent-Length: 1000\r\n");
        FIREBLOCKS
                .webhooks()
                .sign("{".getBytes(ISO_8859_1))
                .forEach((name, value) ->
                        request.append(name).append(": ").append(value).append("\r\n"));
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), ingress.url("/").getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write((request + "\r\n{").getBytes(ISO_8859_1));

            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("urn:ncw-relay:problem:incomplete")
                    .containsIgnoringCase("connection: close");
        }
    }

    private void assertAnswered(String request) throws IOException {
        var answer = send(request);

        if (!answer.isEmpty()) {
            var status = STATUS.matcher(answer);
            assertThat(status.find()).as("%s%n%s", request, answer).isTrue();
            int code = Integer.parseInt(status.group(1));
            assertThat(code < 500 || code == 503).as("%s%n%s", request, answer).isTrue();
            if (code >= 400 && !request.startsWith("HEAD")) {
                assertThat(answer).as(request).contains("application/problem+json");
                var type = TYPE.matcher(answer);
                assertThat(type.find()).as("%s%n%s", request, answer).isTrue();
                assertThat(type.group(1))
                        .as("%s%n%s", request, answer)
                        .isIn(problems.getOrDefault(code, List.of("urn:ncw-relay:problem:http-" + code)));
            }
        }
        assertThat(List.copyOf(LOG.list)).as(request).allSatisfy(event -> {
            assertThat(event.getThrowableProxy()).as("%s", event).isNull();
            assertThat(event.getLevel().isGreaterOrEqual(Level.ERROR))
                    .as("%s", event)
                    .isFalse();
        });
        LOG.list.clear();
    }

    private static String request(Random random) {
        var head = new StringBuilder();
        head.append(pick(
                        random, "POST", "POST", "POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "post",
                        "X"))
                .append(' ')
                .append(pick(random, "/webhooks/fireblocks", "/api/webhook", "/webhooks/fireblocks", "/", "/actuator"))
                .append(pick(random, "", "", "/", "?a=%ff", "?" + noise(random, 20), "/" + noise(random, 20), "%00"))
                .append(" HTTP/1.1\r\nHost: any\r\nConnection: close\r\n");
        var body =
                random.nextInt(3) == 0 ? noise(random, 2000) : "{\"eventType\":\"any\",\"n\":" + random.nextInt() + "}";
        switch (random.nextInt(6)) {
            case 0 ->
                head.append("Fireblocks-Webhook-Signature: ")
                        .append(noise(random, 200))
                        .append("\r\n");
            case 1 ->
                head.append("Fireblocks-Signature: ").append(noise(random, 200)).append("\r\n");
            case 2 ->
                head.append("Fireblocks-Webhook-Signature: eyJhbGciOiJSUzUxMiIsImtpZCI6Im4ifQ..")
                        .append(noise(random, 200))
                        .append("\r\n");
            case 3 ->
                FIREBLOCKS
                        .webhooks()
                        .sign("another body".getBytes(ISO_8859_1))
                        .forEach((name, value) ->
                                head.append(name).append(": ").append(value).append("\r\n"));
            default -> {}
        }
        head.append(pick(random, "", "Accept: text/html\r\n", "Accept: " + noise(random, 20) + "\r\n"));
        head.append(pick(random, "", "Content-Type: " + noise(random, 20) + "\r\n", "Content-Encoding: gzip\r\n"));
        head.append(pick(random, "", "", "Expect: 100-continue\r\n", "Range: bytes=0-1\r\n", "Upgrade: websocket\r\n"));
        if (random.nextInt(8) == 0) {
            return head + "Transfer-Encoding: chunked\r\n\r\n" + noise(random, 100) + "\r\n";
        }
        int length = body.length() + (random.nextInt(8) == 0 ? random.nextInt(100) : 0);
        return head + "Content-Length: " + length + "\r\n\r\n" + body;
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String noise(Random random, int most) {
        var bytes = new byte[random.nextInt(most) + 1];
        random.nextBytes(bytes);
        return new String(bytes, ISO_8859_1).replace('\r', '_').replace('\n', '_');
    }

    private static String send(String request) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), ingress.url("/").getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static Logger root() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
