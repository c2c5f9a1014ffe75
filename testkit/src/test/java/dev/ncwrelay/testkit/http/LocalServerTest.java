package dev.ncwrelay.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each kind of answer as a client receives it. Time advances only on request. */
final class LocalServerTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Answer.Reply REPLY =
            Answer.reply(200, "text/plain", Bytes.utf8("0123456789")).header("X-Extra", "yes");

    private final ManualDelay delay = new ManualDelay();
    private final Interruptions interruptions = new Interruptions();
    private final LocalServer server = LocalServer.bind(0, interruptions, delay);
    private final Set<Thread> handlers = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Answer> later = new CompletableFuture<>();
    private volatile Answer answer = REPLY;

    @BeforeEach
    void serve() {
        server.serve(
                List.of(
                        Route.of("GET", "/answer", _ -> answerHere()),
                        Route.later("GET", "/later", _ -> later),
                        Route.of("POST", "/echo/{one}/{two}", LocalServerTest::echo)),
                received -> Answer.problem(404, "no-route", "No route", "no " + received.path()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void reply_arrivesComplete() throws Exception {
        var response = get("/answer").join();

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("0123456789");
        assertThat(response.headers().firstValue("X-Extra")).hasValue("yes");
        assertThat(response.headers().firstValue("Content-Length")).hasValue("10");
        assertThat(response.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void reply_mayHaveAnyStatusWithoutBody() {
        answer = Answer.reply(503, "text/plain", Bytes.empty());

        assertThat(get("/answer").join().statusCode()).isEqualTo(503);
    }

    @Test
    void request_isReadUnchanged() throws Exception {
        var uri = URI.create(server.url() + "/echo/a%2Fb/c+d?x=1&y=%C3%A9&x=2");
        var request = HttpRequest.newBuilder(uri)
                .header("X-Two", "first")
                .header("X-Two", "second")
                .POST(HttpRequest.BodyPublishers.ofString("Zoë"))
                .build();

        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

        assertThat(response.body())
                .isEqualTo(
                        "POST /echo/a%2Fb/c+d?x=1&y=%C3%A9&x=2 one=a/b two=c+d x=2 y=é x-two=first, second body=Zoë");
    }

    @Test
    void path_withoutRoute_getsTheFallback() {
        assertThat(get("/answer/").join().statusCode()).isEqualTo(404);
        assertThat(get("/echo/1/2").join().body()).contains("urn:ncw-relay:problem:no-route", "no /echo/1/2");
    }

    @Test
    void hold_sendsNothingBeforeItsTime() throws Exception {
        answer = REPLY.heldFor(Duration.ofSeconds(20));
        try (var client = new RawClient(server.url())) {
            client.get("/answer");
            await().until(() -> delay.pending() == 1);
            assertThat(delay.asked()).containsExactly(Duration.ofSeconds(20));
            assertThat(client.available()).isZero();

            delay.runNext();

            assertThat(client.read(15)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void answer_ofALaterResult_isSentThen() throws Exception {
        try (var client = new RawClient(server.url())) {
            client.get("/later");

            later.complete(REPLY);

            assertThat(client.read(15)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void hold_usesNoThread() {
        answer = REPLY.heldFor(Duration.ofSeconds(20));

        var calls = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 2000; i++) {
            calls.add(get("/answer"));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> delay.pending() == 2000);

        // Each request ran on a virtual thread of its own, and none of these is left.
        assertThat(handlers).hasSize(2000).allMatch(Thread::isVirtual);
        await().until(() -> handlers.stream().noneMatch(Thread::isAlive));
        assertThat(calls).noneMatch(CompletableFuture::isDone);
        for (int i = 0; i < 2000; i++) {
            delay.runNext();
        }
        assertThat(calls)
                .allSatisfy(call -> assertThat(call)
                        .succeedsWithin(Duration.ofMinutes(1))
                        .extracting(HttpResponse::body)
                        .isEqualTo("0123456789"));
    }

    @Test
    void slowBody_isSentInPieces() throws Exception {
        answer = REPLY.slowBody(4, Duration.ofSeconds(3));
        try (var client = new RawClient(server.url())) {
            client.get("/answer");
            assertThat(readUntilBody(client)).contains("Content-Length: 10\r\n").endsWith("\r\n\r\n0123");
            await().until(() -> delay.pending() == 1);
            assertThat(client.available()).isZero();

            delay.runNext();
            assertThat(client.read(4)).isEqualTo("4567");
            await().until(() -> delay.pending() == 1);
            delay.runNext();
            assertThat(client.read(2)).isEqualTo("89");
            await().until(() -> delay.pending() == 1);
            delay.runNext();

            assertThat(client.readAll()).isEmpty();
            assertThat(delay.asked()).containsOnly(Duration.ofSeconds(3)).hasSize(3);
        }
    }

    @Test
    void slowHead_isSentInPieces() throws Exception {
        answer = REPLY.slowHead(9, Duration.ofSeconds(3));
        try (var client = new RawClient(server.url())) {
            client.get("/answer");
            assertThat(client.read(9)).isEqualTo("HTTP/1.1 ");
            await().until(() -> delay.pending() == 1);
            assertThat(client.available()).isZero();
            delay.runNext();
            assertThat(client.read(9)).startsWith("200 OK\r\n");
        }

        answer = REPLY.slowHead(9, Duration.ZERO);
        var response = get("/answer").join();

        assertThat(response.body()).isEqualTo("0123456789");
        assertThat(response.headers().firstValue("X-Extra")).hasValue("yes");
    }

    @Test
    void truncated_announcesMoreThanItSends() throws Exception {
        answer = REPLY.truncatedAfter(4, Abort.CLOSE);
        try (var client = new RawClient(server.url())) {
            client.get("/answer");

            assertThat(client.readAll()).contains("Content-Length: 10\r\n").endsWith("\r\n\r\n0123");
        }
    }

    @Test
    void truncated_mayEndByReset() throws Exception {
        answer = REPLY.truncatedAfter(4, Abort.RESET);
        try (var client = new RawClient(server.url())) {
            client.get("/answer");

            assertThatThrownBy(client::readAll)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void cut_closesWithoutAByte() throws Exception {
        answer = new Answer.Cut(Abort.CLOSE, Duration.ofSeconds(1));
        try (var client = new RawClient(server.url())) {
            client.get("/answer");
            await().until(() -> delay.pending() == 1);

            delay.runNext();

            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void cut_mayReset() throws Exception {
        answer = new Answer.Cut(Abort.RESET, Duration.ZERO);
        try (var client = new RawClient(server.url())) {
            client.get("/answer");

            assertThatThrownBy(client::readAll)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void interruptedConnections_endBeforeARequest() throws Exception {
        interruptions.nextConnections(1, Abort.CLOSE);
        interruptions.nextConnections(1, Abort.RESET);

        try (var client = new RawClient(server.url())) {
            assertThat(client.readAll()).isEmpty();
        }
        try (var client = new RawClient(server.url())) {
            assertThatThrownBy(client::readAll)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(get("/answer").join().statusCode()).isEqualTo(200);
    }

    @Test
    void interruptedRequests_endBeforeTheirBodies() throws Exception {
        interruptions.nextRequests(1, Abort.CLOSE);

        try (var client = new RawClient(server.url())) {
            client.send("POST /echo/1/2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
            assertThat(client.readAll()).isEmpty();
        }
        assertThat(get("/answer").join().statusCode()).isEqualTo(200);
    }

    @Test
    void cut_ofAClosedConnection_doesNothing() {
        answer = new Answer.Cut(Abort.RESET, Duration.ofSeconds(1));
        var call = get("/answer");
        await().until(() -> delay.pending() == 1);
        server.close();

        delay.runNext();

        assertThat(call).failsWithin(Duration.ofSeconds(20));
    }

    @Test
    void close_beforeServe_releasesThePort() {
        var idle = LocalServer.bind(0, interruptions, delay);
        var port = idle.url().getPort();

        idle.close();

        LocalServer.bind(port, interruptions, delay).close();
    }

    @Test
    void close_endsHeldRequests() {
        answer = REPLY.heldFor(Duration.ofSeconds(20));
        var call = get("/answer");
        await().until(() -> delay.pending() == 1);

        server.close();

        assertThat(call).failsWithin(Duration.ofSeconds(20));
    }

    private Answer answerHere() {
        handlers.add(Thread.currentThread());
        return answer;
    }

    private static Answer echo(Received received) {
        var text = received.method() + " " + received.pathAndQuery() + " one=" + received.variable("one") + " two="
                + received.variable("two") + " x=" + received.parameter("x").orElse("") + " y="
                + received.parameter("y").orElse("") + " x-two="
                + received.header("X-TWO").orElse("") + " body="
                + received.body().utf8();
        return Answer.reply(200, "text/plain; charset=utf-8", Bytes.utf8(text));
    }

    private static String readUntilBody(RawClient client) throws Exception {
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append(client.read(1));
        }
        return text.append(client.read(4)).toString();
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path)).build();
        return CLIENT.sendAsync(request, BodyHandlers.ofString());
    }
}
