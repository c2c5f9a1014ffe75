package dev.ncwrelay.delivery.messages.mailbox.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.mailbox.MailboxQuery;
import dev.ncwrelay.delivery.messages.mailbox.StoredEvent;
import dev.ncwrelay.delivery.messages.mailbox.StoredPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Two nodes that query each other over real HTTP. */
class PeerTest {

    private static final PeerSecret SECRET = new PeerSecret("a secret of some length");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final StoredPage PAGE = new StoredPage.Events(
            List.of(new StoredEvent(3, 1_700_000_000_000L, ByteBuffer.wrap(new byte[] {0, 1, -1, 127}))), 9, true);

    private final Map<MailboxQuery, StoredPage> copies = new ConcurrentHashMap<>();
    private final PeerServer server = new PeerServer(
            new PeerSettings("127.0.0.1", 0, null, null, null),
            SECRET,
            JSON,
            query -> Optional.ofNullable(copies.get(query)));
    private final HostInfo node = new HostInfo("127.0.0.1", server.port());
    private final PeerClient client = new PeerClient(SECRET, JSON);

    PeerTest() throws Exception {}

    @AfterEach
    void stop() {
        server.close();
    }

    static List<MailboxQuery> queries() {
        var time = Instant.parse("2026-01-02T03:04:05.678Z");
        return List.of(
                new MailboxQuery.Events("device", new StartPosition.After(-1)),
                new MailboxQuery.Events("wéird/dev ice?&=+%", new StartPosition.After(7)),
                new MailboxQuery.Events("device", new StartPosition.Earliest()),
                new MailboxQuery.Events("device", new StartPosition.Since(time)),
                new MailboxQuery.Events("device", new StartPosition.SinceRegistration(time)),
                new MailboxQuery.Transactions("device", 1_700_000_000_000L),
                new MailboxQuery.Offsets("device", Set.of("event-1", "wéird,id&=+%", "x")),
                new MailboxQuery.Metadata("device", 17));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void page_crossesUnchanged(MailboxQuery query) {
        copies.put(query, PAGE);

        assertThat(client.send(node, query)).contains(PAGE);
    }

    @Test
    void gap_crossesUnchanged() {
        var query = queries().getFirst();
        for (var gone : List.of(new StoredPage.Gone(true, 5), new StoredPage.Gone(false, 0))) {
            copies.put(query, gone);
            assertThat(client.send(node, query)).contains(gone);
        }
    }

    @Test
    void offsetsAndMetadata_areTransferredUnchanged() {
        var query = queries().getFirst();
        for (var page : List.of(
                new StoredPage.Offsets(Map.of("event-1", 7L, "wéird", 9L), 12),
                new StoredPage.Offsets(Map.of(), -1),
                new StoredPage.Metadata(
                        List.of(
                                new EventMetadata(3, "type", null, null),
                                new EventMetadata(5, "other", "wallet", "phone")),
                        9,
                        true),
                new StoredPage.Metadata(List.of(), 9, false))) {
            copies.put(query, page);
            assertThat(client.send(node, query)).contains(page);
        }
    }

    @Test
    void node_withoutACopySaysSo() throws Exception {
        assertThat(status("/mailbox?device=device&after=1", SECRET.header())).isEqualTo(421);
        assertThat(client.send(node, queries().getFirst())).isEmpty();
    }

    @Test
    void caller_withoutTheSecretIsRefused() throws Exception {
        copies.put(new MailboxQuery.Events("device", new StartPosition.After(1)), PAGE);

        assertThat(status("/mailbox?device=device&after=1", null)).isEqualTo(401);
        assertThat(status("/mailbox?device=device&after=1", "Bearer another secret"))
                .isEqualTo(401);
        assertThat(new PeerClient(new PeerSecret("another secret here"), JSON)
                        .send(node, queries().getFirst()))
                .isEmpty();
        assertThat(status("/mailbox?device=device&after=1", SECRET.header())).isEqualTo(200);
    }

    @Test
    void question_thatIsNoneIsRefused() throws Exception {
        for (var path : List.of(
                "/mailbox", "/mailbox?device=d&after=x", "/other?device=d&after=1", "/mailbox?device=d&since=1")) {
            assertThat(status(path, SECRET.header())).as(path).isEqualTo(400);
        }
    }

    @Test
    void query_skipsAnUnreachableNode() {
        server.close();

        assertThat(client.send(node, queries().getFirst())).isEmpty();
    }

    @Test
    void secret_isNeverShown_andNeverShort() {
        assertThat(SECRET).hasToString("PeerSecret[masked]");
        assertThat(new PeerSettings("127.0.0.1", 0, null, "a secret of some length", null).toString())
                .doesNotContain("secret of");
        assertThatThrownBy(() -> new PeerSecret("short")).hasMessageContaining("relay.delivery.peer.secret");
        assertThatThrownBy(() -> new PeerSettings("127.0.0.1", 0, null, null, null).load())
                .hasMessageContaining("RELAY_DELIVERY_PEER_SECRET_FILE");
    }

    private int status(String path, @org.jspecify.annotations.Nullable String authorization)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8))
                    .statusCode();
        }
    }

    /** A node that stops, or is disconnected, in the middle of its response. */
    @Test
    void peer_thatStallsWithinItsAnswer_isPassedOver() throws IOException {
        try (var stalled = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var _ = Thread.ofVirtual().start(() -> answerHalf(stalled));
            var host = new HostInfo("127.0.0.1", stalled.getLocalPort());

            var page = CompletableFuture.supplyAsync(
                    () -> client.send(host, queries().getFirst()));

            assertThat(page).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(Optional.empty());
        }
    }

    private static void answerHalf(ServerSocket server) {
        try {
            var socket = server.accept();
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            // Until the client disconnects.
            var _ = socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
