package dev.ncwrelay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The guarantees of every transport, over real HTTP and WebSockets. */
abstract class MessageContract {

    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OPENING = "ws|stream|messages:poll";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private FakeRelay relay;

    abstract Transport transport();

    @BeforeEach
    void startRelay() throws Exception {
        relay = FakeRelay.start();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (var one : opened.reversed()) {
            one.close();
        }
        relay.close();
        assertThat(relay.violations()).as("the client keeps to the protocol").isEmpty();
    }

    @Test
    void messages_comeInOrder_thoseBeforeAndThoseAfterTheConnection() throws Exception {
        relay.publish(ids(0, 70));
        var stream = open();
        assertThat(take(stream, 70)).isEqualTo(ids(0, 70));
        relay.publish(ids(70, 75));

        assertThat(take(stream, 5)).isEqualTo(ids(70, 75));
    }

    @Test
    void data_isTheVeryText() throws Exception {
        var data = "{ \"text\": \"Grüße \\u00e9 世界 𝄞 \\\"\\\\\", \"nested\" :[1.50,\tnull, 1e-05 ,{}] }";
        relay.log().append("only", data);

        var message = open().next(LIMIT).orElseThrow();

        assertThat(message.data()).isEqualTo(data);
        assertThat(message.type()).isEqualTo("transaction.status.updated");
        assertThat(message.createdAt()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(message.walletId()).isEqualTo("w-1");
        assertThat(message.physicalDeviceId()).isNull();
        assertThat(message.toString()).doesNotContain("nested");
    }

    @RepeatedTest(3)
    void cuts_loseRepeatAndReorderNothing() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var places = new Random(seed + 1);
        var connections = new AtomicInteger();
        // Early cuts hit handshakes and headers, late ones the messages.
        var proxy = CuttingProxy.to(
                relay.port(),
                () -> connections.getAndIncrement() >= 20
                        ? Integer.MAX_VALUE
                        : (int) (Math.pow(places.nextDouble(), 2) * 10_000));
        opened.add(proxy);
        var client = RelayClient.builder(proxy.url(), "d-1", () -> "token-1")
                // No cut may stay unnoticed until the relay has been silent for longer than a stream may be.
                .timing(new TestTiming(new Random(seed), 100, 10, Duration.ofSeconds(20)))
                .build();
        opened.add(client);
        var stream = client.messages(options());
        var received = new ArrayList<String>();
        int acknowledged = -1;
        for (int count = 0; count < 400; count++) {
            if (count % 20 == 0) {
                relay.publish(ids(count, count + 20));
            }
            received.addAll(take(stream, 1));
            if (random.nextInt(5) == 0) {
                stream.ack();
                acknowledged = count;
            }
        }

        assertThat(received).as("seed " + seed).isEqualTo(ids(0, 400));
        int last = acknowledged;
        await().atMost(LIMIT).until(() -> relay.log().acknowledgedBy("") == last);
        assertThat(proxy.cuts()).isPositive();
    }

    @Test
    void wake_replacesConnectionsOfTheFormerNetwork() throws Exception {
        var proxy = CuttingProxy.to(relay.port(), () -> Integer.MAX_VALUE);
        opened.add(proxy);
        var client = RelayClient.builder(proxy.url(), "d-1", () -> "token-1").build();
        opened.add(client);
        relay.publish(List.of("a"));
        var failures = new CopyOnWriteArrayList<RelayException>();
        var stream = open(client, options().onRetry((failure, wait) -> failures.add(failure)));
        assertThat(take(stream, 1)).containsExactly("a");
        for (int network = 0; network < 3; network++) {
            // Each that is open now is silent, and without it would be so for half a minute.
            long before = openings();
            proxy.freeze();
            client.wake();
            await().atMost(LIMIT).until(() -> openings() > before);
            relay.publish(List.of("b" + network));

            assertThat(take(stream, 1)).containsExactly("b" + network);
        }
        assertThat(failures).isEmpty();
    }

    private long openings() {
        return relay.requests().stream()
                .filter(request -> request.matches(".* (" + OPENING + ")"))
                .count();
    }

    @Test
    void farewells_loseAndRepeatNothing() throws Exception {
        var stream = open();
        var received = new ArrayList<String>();
        for (int round = 0; round < 4; round++) {
            relay.publish(ids(round * 10, round * 10 + 10));
            received.addAll(take(stream, 10));
            relay.farewell();
        }
        relay.publish(ids(40, 50));

        received.addAll(take(stream, 10));
        assertThat(received).isEqualTo(ids(0, 50));
    }

    @Test
    void duplicates_areDropped() throws Exception {
        relay.publish(List.of("a", "b", "a", "c", "b", "d"));

        assertThat(take(open(), 4)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void acknowledgements_areCumulativeAndOnlyForWhatWasTaken() throws Exception {
        relay.publish(ids(0, 60));
        var stream = open();

        for (int taken = 0; taken < 60; taken++) {
            take(stream, 1);
            int last = taken;
            assertThat(relay.log().acknowledgements())
                    .allSatisfy(one -> assertThat(one.offset()).isLessThan(last));
            if (taken % 7 == 0) {
                assertThat(stream.ack()).succeedsWithin(LIMIT);
                assertThat(relay.log().acknowledgedBy("")).isEqualTo(taken);
            }
        }
        assertThat(relay.log().acknowledgements())
                .extracting(DeviceLog.Acknowledged::offset)
                .isSorted();
    }

    @Test
    void acknowledgements_ofABurstAreSentTogether() throws Exception {
        relay.publish(ids(0, 60));
        var stream = open(client(new TestTiming(new Random(1), 1, 1)), options());
        for (int taken = 0; taken < 60; taken++) {
            take(stream, 1);
            stream.ack();
        }

        await().atMost(LIMIT).until(() -> relay.log().acknowledgedBy("") == 59);
        assertThat(relay.log().acknowledgements()).hasSizeLessThan(20);
    }

    @Test
    void close_storesWhatWasAcknowledged_andTheNextStreamGoesOn() throws Exception {
        relay.publish(ids(0, 5));
        CompletionStage<Void> stored;
        try (var stream = open()) {
            take(stream, 3);
            stored = stream.ack();
        }

        assertThat(stored).isCompleted();
        assertThat(relay.log().acknowledgedBy("")).isEqualTo(2);
        assertThat(take(open(), 2)).containsExactly("m-3", "m-4");
    }

    @Test
    void after_beginsThere() throws Exception {
        relay.publish(ids(0, 5));
        var stream = open(client(), options().after(relay.log().cursor(2)));
        assertThat(stream.cursor()).isEmpty();

        assertThat(take(stream, 1)).containsExactly("m-3");
        assertThat(stream.cursor()).hasValue(relay.log().cursor(3));
    }

    @Test
    void slowApp_holdsTheFlowBack() throws Exception {
        var padding = "x".repeat(20_000);
        IntStream.range(0, 2_000).forEach(id -> relay.log().append("m-" + id, "\"" + padding + "\""));
        var stream = open();
        take(stream, 1);

        // When the app does nothing, the transport comes to rest.
        var before = new AtomicInteger(-1);
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(300))
                .until(() ->
                        before.getAndSet(relay.sent().get()) == relay.sent().get());
        // Beyond the client's 64, event streams have what fits into the sockets' buffers.
        assertThat(relay.sent()).hasValueLessThan(transport() == Transport.SSE ? 1_200 : 200);
        assertThat(take(stream, 1_999)).isEqualTo(ids(1, 2_000));
    }

    @Test
    void unacknowledgedMessages_doNotStopTheFlow() throws Exception {
        relay.window(50);
        relay.publish(ids(0, 220));

        assertThat(take(open(), 220)).isEqualTo(ids(0, 220));
        assertThat(relay.log().acknowledgements()).isEmpty();
    }

    @Test
    void close_endsTheWait_andAllThreads() throws Exception {
        var client = client();
        var stream = open(client, options());
        var waiting = CompletableFuture.supplyAsync(() -> failureOf(stream));
        await().atMost(LIMIT).until(() -> !relay.requests().isEmpty());

        client.close();

        assertThat(waiting)
                .succeedsWithin(LIMIT)
                .extracting(RelayException::code)
                .isEqualTo("closed");
        assertThat(failureOf(stream).code()).isEqualTo("closed");
        assertThat(stream.ack()).isCompleted();
        await().atMost(LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("relay-")));
        await().atMost(LIMIT).until(relay.connections()::isEmpty);
        assertThatThrownBy(() -> client.messages(options()))
                .asInstanceOf(type(RelayException.class))
                .extracting(RelayException::code)
                .isEqualTo("closed");
    }

    @Test
    void interrupt_endsTheWait_andTheStreamGoesOn() throws Exception {
        var stream = open();
        Thread.currentThread().interrupt();
        assertThatThrownBy(stream::next).isInstanceOf(InterruptedException.class);
        relay.publish(List.of("a"));

        assertThat(take(stream, 1)).containsExactly("a");
    }

    @Test
    void waitWithALimit_endsEmpty() throws Exception {
        assertThat(open().next(Duration.ofMillis(10))).isEmpty();
    }

    @Test
    void expiredToken_isFetchedAnew() throws Exception {
        var fetches = new AtomicInteger();
        var client = client(builder -> {}, () -> "token-" + fetches.incrementAndGet());
        var stream = open(client, options());
        relay.publish(List.of("a"));
        take(stream, 1);
        relay.accept("token-2");
        relay.connections().forEach(one -> one.close(4401));
        relay.farewell();
        relay.publish(List.of("b"));

        assertThat(take(stream, 1)).containsExactly("b");
        relay.publish(List.of("c"));
        assertThat(take(stream, 1)).containsExactly("c");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void tokenThatIsRefusedTwice_endsIt() {
        var stream = open(client(builder -> {}, () -> "none"), options());

        assertThat(failureOf(stream).code()).isEqualTo("unauthorized");
    }

    @Test
    void tokenThatCannotBeFetched_isTriedAgain() throws Exception {
        var fetches = new AtomicInteger();
        relay.publish(List.of("a"));
        var client = client(builder -> {}, () -> {
            if (fetches.incrementAndGet() < 3) {
                throw new IllegalStateException("offline");
            }
            return "token-1";
        });

        assertThat(take(open(client, options()), 1)).containsExactly("a");
    }

    @Test
    void gap_isDecidedByTheApp_afterAllMessagesBeforeIt() throws Exception {
        relay.publish(ids(0, 3));
        var taken = new ArrayList<String>();
        var gaps = new ArrayList<String>();
        var stream = open(
                client(),
                MessageOptions.onGap(gap -> {
                            gaps.add(gap.reason() + " after " + taken);
                            assertThat(gap.earliest()).isEqualTo(relay.log().cursor(9));
                            return GapPolicy.Decision.CONTINUE;
                        })
                        .transport(transport()));
        taken.addAll(take(stream, 3));
        IntStream.range(3, 12).forEach(id -> relay.log().append("m-" + id, "{}"));
        relay.log().trim(10);
        relay.changed();

        assertThat(take(stream, 2)).containsExactly("m-10", "m-11");
        assertThat(gaps).containsExactly("trimmed after [m-0, m-1, m-2]");
    }

    @Test
    void gap_stopEndsWithTheEarliestCursor() {
        relay.publish(ids(0, 10));
        relay.log().trim(5);
        var stream = open(client(), options().after(relay.log().cursor(0)));

        var failure = failureOf(stream);

        assertThat(failure.code()).isEqualTo("position-gone");
        assertThat(failure.gap()).hasValue(new Gap("trimmed", relay.log().cursor(4)));
        assertThat(failure.status()).hasValue(410);
    }

    @Test
    void gap_ofAnAcknowledgement_isNotRepeated() throws Exception {
        relay.publish(ids(0, 2));
        var gaps = new CopyOnWriteArrayList<String>();
        var stream = open(
                client(),
                MessageOptions.onGap(gap -> {
                            gaps.add(gap.reason());
                            return GapPolicy.Decision.CONTINUE;
                        })
                        .transport(transport()));
        take(stream, 2);
        relay.log().recreate();
        var stored = stream.ack();
        relay.farewell();
        relay.publish(List.of("new"));

        assertThat(take(stream, 1)).containsExactly("new");
        await().atMost(LIMIT).until(stored.toCompletableFuture()::isDone);
        assertThat(stored).isCompletedExceptionally();
        assertThat(gaps).containsOnly("generation");
    }

    @Test
    void gapPolicyThatFails_endsIt() {
        relay.publish(ids(0, 10));
        relay.log().trim(5);
        var stream = open(
                client(),
                MessageOptions.onGap(gap -> {
                            throw new IllegalStateException("cannot reload");
                        })
                        .transport(transport())
                        .after(relay.log().cursor(0)));

        assertThat(failureOf(stream)).hasRootCauseMessage("cannot reload");
    }

    @Test
    void newerConnectionOfTheConsumer_endsTheOlder() throws Exception {
        var older = open(client(builder -> builder.consumer("phone"), () -> "token-1"), options());
        relay.publish(List.of("one"));
        take(older, 1);
        // Between two polls the older has no connection.
        await().atMost(LIMIT).until(() -> relay.claims("phone") >= (transport() == Transport.LONG_POLL ? 2 : 1));
        var newer = open(client(builder -> builder.consumer("phone"), () -> "token-1"), options());

        assertThat(failureOf(older).code()).isEqualTo("superseded");
        relay.publish(List.of("two"));
        assertThat(take(newer, 2)).containsExactly("one", "two");
    }

    @Test
    void overload_isRetriedAfterTheTimeTheRelayAsksFor() throws Exception {
        relay.publish(List.of("a"));
        relay.refuse(OPENING, new Refusal(429, "too-fast", Map.of(), 1));
        relay.refuse(OPENING, new Refusal(503, "unavailable", Map.of(), 1));
        var waits = new CopyOnWriteArrayList<Duration>();
        var stream = open(client(), options().onRetry((failure, wait) -> waits.add(wait)));

        assertThat(take(stream, 1)).containsExactly("a");
        assertThat(waits).hasSize(2).allSatisfy(wait -> assertThat(wait).isGreaterThanOrEqualTo(Duration.ofSeconds(1)));
    }

    @Test
    void garbage_isRetried() throws Exception {
        relay.publish(List.of("a"));
        relay.answer(OPENING, new MockResponse.Builder().body("<html>").build());
        relay.answer(
                OPENING, new MockResponse.Builder().code(502).body("<html>").build());

        assertThat(take(open(), 1)).containsExactly("a");
    }

    @Test
    void foreignDevice_endsIt() {
        relay.refuse(".*", new Refusal(403, "foreign-device"));
        relay.refuse(".*", new Refusal(403, "foreign-device"));

        assertThat(failureOf(open()).code()).isEqualTo("foreign-device");
    }

    MessageOptions options() {
        return MessageOptions.onGap(GapPolicy.stop()).transport(transport());
    }

    FakeRelay relay() {
        return relay;
    }

    MessageStream open() {
        return open(client(), options());
    }

    MessageStream open(RelayClient client, MessageOptions options) {
        var stream = client.messages(options);
        opened.add(stream);
        return stream;
    }

    private RelayClient client() {
        return client(new TestTiming());
    }

    private RelayClient client(Timing timing) {
        return client(builder -> builder.timing(timing), () -> "token-1");
    }

    RelayClient client(Consumer<RelayClient.Builder> change, TokenSupplier tokens) {
        var builder = RelayClient.builder(relay.url(), "d-1", tokens).timing(new TestTiming());
        change.accept(builder);
        var client = builder.build();
        opened.add(client);
        return client;
    }

    static List<String> take(MessageStream stream, int count) throws InterruptedException {
        var ids = new ArrayList<String>();
        while (ids.size() < count) {
            var message = stream.next(LIMIT);
            assertThat(message).as("a message after " + ids.size()).isPresent();
            ids.add(message.get().id());
        }
        return ids;
    }

    static RelayException failureOf(MessageStream stream) {
        try {
            while (true) {
                assertThat(stream.next(LIMIT)).as("the stream's end").isPresent();
            }
        } catch (RelayException failure) {
            return failure;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> "m-" + id).toList();
    }
}
