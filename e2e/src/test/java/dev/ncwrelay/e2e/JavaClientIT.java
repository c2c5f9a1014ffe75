package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ncwrelay.client.GapPolicy;
import dev.ncwrelay.client.Message;
import dev.ncwrelay.client.MessageOptions;
import dev.ncwrelay.client.MessageStream;
import dev.ncwrelay.client.RelayClient;
import dev.ncwrelay.client.RelayException;
import dev.ncwrelay.client.Transport;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client library for Java against the real stack. */
@Tag("brokers")
class JavaClientIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RunningStack stack = RunningStack.get();

    @ParameterizedTest
    @EnumSource(Transport.class)
    void messages_comeInOrder_andGoOnAfterTheCursorOnEachTransport(Transport transport) throws Exception {
        // Given
        var app = stack.newApp();
        var sent = send(app, 3);
        try (var client = client(app)) {
            // When
            String cursor;
            try (var stream = client.messages(options(transport))) {
                assertThat(transactions(stream, 3)).isEqualTo(sent);
                cursor = stream.cursor().orElseThrow();
                var live = send(app, 1);
                assertThat(transactions(stream, 1)).isEqualTo(live);
            }
            var later = send(app, 2);

            // Then
            for (var other : Transport.values()) {
                try (var stream = client.messages(options(other).after(cursor))) {
                    assertThat(transactions(stream, 3).subList(1, 3))
                            .as(other.name())
                            .isEqualTo(later);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void acknowledgement_movesTheStartOfTheNextStream(Transport transport) throws Exception {
        var app = stack.newApp();
        var sent = send(app, 4);
        try (var client = client(app)) {
            try (var stream = client.messages(options(transport))) {
                assertThat(transactions(stream, 2)).isEqualTo(sent.subList(0, 2));
                assertThat(stream.ack()).succeedsWithin(LIMIT);
            }
            try (var stream = client.messages(options(transport))) {
                assertThat(transactions(stream, 1)).isEqualTo(sent.subList(2, 3));
                stream.ack();
            }
            try (var stream = client.messages(options(transport))) {
                assertThat(transactions(stream, 1)).isEqualTo(sent.subList(3, 4));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void newerStreamOfTheConsumer_endsTheOlder(Transport transport) throws Exception {
        var app = stack.newApp();
        send(app, 1);
        try (var client = clientNamed(app, "phone");
                var older = client.messages(options(transport))) {
            transactions(older, 1);
            try (var newer = client.messages(options(transport))) {
                var olderEnds = failure(older);
                var newerEnds = failure(newer);

                var first = (RelayException)
                        CompletableFuture.anyOf(olderEnds, newerEnds).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(first.code()).isEqualTo("superseded");
                // Between two polls there is no connection: then the newer one may be either of them.
                assertThat(olderEnds.isDone() || transport == Transport.LONG_POLL)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void foreignCursor_isAGap(Transport transport) throws Exception {
        // Given
        var app = stack.newApp();
        var other = stack.newApp();
        var sent = send(app, 1);
        send(other, 1);
        String foreign;
        try (var client = client(other);
                var stream = client.messages(options(Transport.LONG_POLL))) {
            foreign = stream.next(LIMIT).orElseThrow().cursor();
        }
        var reasons = new CopyOnWriteArrayList<String>();
        var options = MessageOptions.onGap(gap -> {
            reasons.add(gap.reason());
            return GapPolicy.Decision.CONTINUE;
        });

        // When
        try (var client = client(app);
                var stream = client.messages(options.transport(transport).after(foreign))) {
            // Then
            assertThat(transactions(stream, 1)).isEqualTo(sent);
            assertThat(reasons).containsExactly("foreign");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void refusedToken_endsTheStream(Transport transport) {
        var app = stack.newApp();
        var stranger = stack.newApp();
        try (var client = RelayClient.builder(
                                stack.delivery(), app.deviceId(), () -> stack.token(stranger.userId(), ""))
                        .build();
                var stream = client.messages(options(transport))) {
            assertThat(catchThrowableOfType(RelayException.class, () -> stream.next(LIMIT))
                            .code())
                    .isEqualTo("foreign-device");
        }
        try (var client = RelayClient.builder(stack.delivery(), app.deviceId(), () -> "none")
                        .build();
                var stream = client.messages(options(transport))) {
            assertThat(catchThrowableOfType(RelayException.class, () -> stream.next(LIMIT))
                            .code())
                    .isEqualTo("unauthorized");
        }
    }

    @Test
    void rpc_returnsTheVeryTextOfFireblocks() throws Exception {
        var app = stack.newApp();
        var body = "{ \"result\": {\"n\": 1.10e-05, \"text\": \"Grüße \\u00e9 世界\"} }\n";
        stack.fireblocks()
                .invoke()
                .onDevice(app.deviceId(), call -> InvokeAnswer.body(body.getBytes(StandardCharsets.UTF_8)));
        var payload = App.payload("get_all_keys");
        try (var client = client(app)) {
            assertThat(client.rpc(payload)).isEqualTo(body);
        }
        assertThat(stack.fireblocks().invoke().callsOf(app.deviceId()))
                .singleElement()
                .extracting(call -> call.payload())
                .isEqualTo(payload);
    }

    /** Longer than the client holds a request. */
    @Test
    void rpc_heldByFireblocks_isAnsweredAsynchronously() throws Exception {
        var app = stack.newApp();
        stack.fireblocks().invoke().onDevice(app.deviceId(), call -> {
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, 25, TimeUnit.SECONDS)
                    .join();
            return InvokeAnswer.result("slow");
        });
        try (var client = client(app)) {
            assertThat(client.rpc(App.payload("poll_mpc_msg"))).isEqualTo("{\"result\":\"slow\"}");
        }
        assertThat(stack.fireblocks().invoke().callsOf(app.deviceId())).hasSize(1);
    }

    @Test
    void rpc_ofAnUnknownDevice_hasTheRelaysCode() {
        var app = stack.newApp();
        try (var client = RelayClient.builder(
                        stack.delivery(), UUID.randomUUID().toString(), () -> stack.token(app.userId(), ""))
                .build()) {
            var failure = catchThrowableOfType(RelayException.class, () -> client.rpc("{}"));
            assertThat(failure.code()).isEqualTo("unknown-device");
        }
    }

    private List<String> send(App app, int count) {
        var ids = new ArrayList<String>();
        for (int sent = 0; sent < count; sent++) {
            var id = UUID.randomUUID().toString();
            assertThat(stack.webhooks().send(app.transaction(id).bytes()).join().status())
                    .isEqualTo(200);
            ids.add(id);
        }
        return ids;
    }

    private static List<String> transactions(MessageStream stream, int count) throws InterruptedException {
        var ids = new ArrayList<String>();
        while (ids.size() < count) {
            Message message = stream.next(LIMIT).orElseThrow();
            ids.add(App.JSON.readTree(message.data()).path("id").asString());
        }
        return ids;
    }

    /** Why a stream ends, whatever it receives before. */
    private static CompletableFuture<RelayException> failure(MessageStream stream) {
        return CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(RelayException.class, () -> {
                    while (true) {
                        stream.next(LIMIT);
                    }
                }),
                Thread::startVirtualThread);
    }

    private static MessageOptions options(Transport transport) {
        return MessageOptions.onGap(GapPolicy.stop()).transport(transport);
    }

    private RelayClient client(App app) {
        return builder(app).build();
    }

    private RelayClient clientNamed(App app, String consumer) {
        return builder(app).consumer(consumer).build();
    }

    private RelayClient.Builder builder(App app) {
        return RelayClient.builder(stack.delivery(), app.deviceId(), () -> stack.token(app.userId(), ""));
    }
}
