package dev.ncwrelay.testkit.playground;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.invoke.InvokeExchange;
import dev.ncwrelay.testkit.kafka.RecordWatch;
import dev.ncwrelay.testkit.kafka.WatchedRecord;
import dev.ncwrelay.testkit.samples.Samples;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The page at {@code /} of a fake Fireblocks, and what it reads below {@code /playground}. */
public final class Playground implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration START = Duration.ofSeconds(5);

    private final PlaygroundSettings settings;
    private final Journal journal = new Journal();
    private Optional<RecordWatch> watch = Optional.empty();
    private volatile boolean isVisited;

    public Playground(PlaygroundSettings settings) {
        this.settings = settings;
    }

    /** The routes, to be served by this Fireblocks, whose calls are watched. */
    public List<Route> routes(FakeFireblocks fireblocks) {
        fireblocks.invoke().listen(exchange -> {
            if (isVisited) {
                journal.add("call", describe(exchange));
            }
        });
        return List.of(
                Route.of("GET", "/", _ -> index()),
                Route.of("GET", "/playground/page.js", _ -> PageFile.SCRIPT.answer()),
                Route.of("GET", "/playground/page.css", _ -> PageFile.STYLE.answer()),
                Route.later("GET", "/playground/settings", _ -> settings()),
                Route.later("GET", "/playground/journal", this::journal));
    }

    @Override
    public synchronized void close() {
        watch.ifPresent(RecordWatch::close);
    }

    private Answer index() {
        var delivery = settings.delivery().stream()
                .map(URI::toString)
                .map(node -> node + " " + node.replaceFirst("^http", "ws"))
                .collect(Collectors.joining(" "));
        return PageFile.INDEX
                .answer()
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' "
                                + delivery + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    /** Calls and records are watched from the first visit on: a stack without visitors does not pay for it. */
    private CompletionStage<Answer> settings() {
        isVisited = true;
        return watching()
                .map(watch -> watch.ready().completeOnTimeout(false, START.toMillis(), TimeUnit.MILLISECONDS))
                .orElseGet(() -> CompletableFuture.completedFuture(false))
                .thenApply(this::settings);
    }

    private synchronized Optional<RecordWatch> watching() {
        if (watch.isEmpty()) {
            watch = settings.kafka()
                    .map(kafka -> RecordWatch.start(
                            kafka.bootstrapServers(),
                            kafka.registry(),
                            record -> journal.add("record", describe(record))));
        }
        return watch;
    }

    private Answer settings(boolean isKafkaWatched) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("delivery", settings.delivery().stream().map(URI::toString).toList());
        answer.put("kafka", isKafkaWatched);
        answer.put("v1", version1Types());
        answer.put("v2", Samples.v2EventTypes());
        answer.put("journal", journal.latest());
        return Answer.json(200, answer);
    }

    /** Those of which there is a documented payload. */
    private static List<String> version1Types() {
        return Samples.webhooks().stream()
                .map(sample -> sample.json().path("type").asString(""))
                .filter(type -> !type.isEmpty())
                .distinct()
                .toList();
    }

    private CompletionStage<Answer> journal(Received received) {
        var after = received.parameter("after").orElse("0");
        if (!after.matches("\\d{1,15}")) {
            return CompletableFuture.completedStage(
                    Answer.problem(400, "invalid-request", "The request is not valid", "after must be a number"));
        }
        return journal.after(Long.parseLong(after), WAIT)
                .thenApply(entries -> Answer.json(
                                200, Map.of("now", Instant.now().toEpochMilli(), "entries", entries))
                        .header("Cache-Control", "no-store"));
    }

    private static Map<String, Object> describe(InvokeExchange exchange) {
        var call = exchange.call();
        var description = new LinkedHashMap<String, Object>();
        description.put("receivedAt", call.receivedAt().toEpochMilli());
        description.put("deviceId", call.deviceId());
        description.put("method", call.method());
        call.idempotencyKey().ifPresent(key -> description.put("idempotencyKey", key));
        description.put("payloadSha256", Bytes.utf8(call.payload()).sha256());
        description.put("heldMillis", exchange.answer().hold().toMillis());
        return description;
    }

    private static Map<String, Object> describe(WatchedRecord record) {
        var description = new LinkedHashMap<String, Object>();
        description.put("topic", record.topic());
        description.put("partition", record.partition());
        description.put("offset", record.offset());
        description.put("timestamp", record.timestamp().toEpochMilli());
        description.putAll(record.fields());
        return description;
    }
}
