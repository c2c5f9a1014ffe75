package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.delivery.messages.ack.AckPositionMaintenance;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.Generation;
import dev.ncwrelay.delivery.messages.mailbox.peer.MailboxNode;
import dev.ncwrelay.delivery.rpc.reply.ReplyRegistry;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import dev.ncwrelay.kafka.tail.TailListener;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics this node reads: events and replies from a window back, acknowledgements and devices from the beginning,
 * and those of features that are configured. Each has its own thread, so that a large reply does not delay an event.
 */
final class TopicTails implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TopicTails.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How often the generation of the events topic is checked. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /**
     * Longer than the time between the check of a cursor and the registration of its reader, which notices a change.
     */
    private static final Duration SETTLE_TIME = Duration.ofSeconds(1);

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final DeadLetterSink deadLetters;
    private final DeviceRegistry registry;
    private final List<FeatureTails> features;
    private final Generation generation;
    private final MailboxNode mailboxes;
    private final AckPositionMaintenance maintenance;
    private final List<TopicTail<?>> tails = new CopyOnWriteArrayList<>();
    private final Semaphore recheck = new Semaphore(0);
    private volatile @Nullable SingleGenerationListener events;
    private volatile boolean complete;
    private volatile boolean renewing;
    private volatile boolean closed;

    /** Where the records go, and how far back reading starts. */
    private record Sources(
            Duration window, Duration replyMemory, Feed feed, AckPositions positions, ReplyRegistry replies) {}

    TopicTails(
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            DeviceRegistry registry,
            List<FeatureTails> features,
            Generation generation,
            MailboxNode mailboxes,
            AckPositionMaintenance maintenance) {
        this.kafka = kafka;
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.registry = registry;
        this.features = features;
        this.generation = generation;
        this.mailboxes = mailboxes;
        this.maintenance = maintenance;
    }

    /** Starts reading once Kafka and the schema registry have passed the startup check. */
    void startAfter(
            StartupCheck check,
            FeedSettings settings,
            Duration replyMemory,
            Feed feed,
            AckPositions positions,
            ReplyRegistry replies) {
        var _ = check.outcome().thenAccept(state -> {
            if (state instanceof StartupState.Ready) {
                CriticalThread.startVirtual(
                        "tails", () -> follow(new Sources(settings.window(), replyMemory, feed, positions, replies)));
            }
        });
    }

    /** Why the node is not ready, human-readable; empty when everything has been read and reading continues. */
    Optional<String> notReadyReason() {
        if (renewing) {
            return Optional.of("the events topic was re-created and is being reloaded");
        }
        if (!complete) {
            return Optional.of("tails not started yet");
        }
        if (!registry.isCaughtUp()) {
            return Optional.of("devices not loaded yet"
                    + registry.failure().map(cause -> ": " + cause).orElse(""));
        }
        var loading = features.stream()
                .flatMap(feature -> feature.notLoadedReason().stream())
                .findFirst();
        if (loading.isPresent()) {
            return loading;
        }
        if (!tails.stream().allMatch(TopicTail::isCaughtUp)) {
            return Optional.of("topics not read up to their ends yet");
        }
        return tails.stream()
                .flatMap(tail -> tail.failure().stream())
                .findFirst()
                .or(() -> features.stream()
                        .flatMap(feature -> feature.failure().stream())
                        .findFirst())
                .or(mailboxes::notReadyReason);
    }

    /** True while the events topic is of another generation than the state in memory: nothing may be served then. */
    boolean isRenewing() {
        return renewing;
    }

    @Override
    public void close() {
        closed = true;
        recheck.release();
        maintenance.stop();
        closeAll(Stream.concat(tails.stream(), features.stream().flatMap(feature -> feature.tails().stream()))
                .<Runnable>map(tail -> tail::close)
                .toList());
    }

    /**
     * Closes all concurrently: while Kafka is unreachable each takes seconds, and an orchestrator does not wait for
     * their sum.
     */
    static void closeAll(Collection<? extends Runnable> closings) {
        try (var threads = Executors.newThreadPerTaskExecutor(CriticalThread.virtualFactory("close "))) {
            closings.forEach(threads::execute);
        }
    }

    /** Starts reading, and starts again when the events topic was re-created. */
    private void follow(Sources sources) {
        try (var topic = generationLookup()) {
            while (!closed) {
                var current = topic.currentGeneration();
                if (current.isPresent() && (!complete || current.getAsInt() != generation.getAsInt())) {
                    begin(current.getAsInt(), sources, topic);
                }
                var _ = recheck.tryAcquire((complete ? CHECK_INTERVAL : PAUSE).toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(int current, Sources sources, GenerationLookup topic) throws InterruptedException {
        if (!tails.isEmpty()) {
            reset(current, sources);
        }
        generation.set(current);
        sources.positions().clear();
        var listener = new SingleGenerationListener(sources.feed(), () -> isSame(current, topic));
        events = listener;
        var acknowledged =
                this.<DeviceCursor>tail(Topics.DEVICE_CURSORS, new TailStart.Beginning(), sources.positions());
        var _ = acknowledged.caughtUp().thenRun(() -> maintenance.start(sources.positions()));
        tails.add(acknowledged);
        tails.add(this.<DeviceEvent>tail(Topics.DEVICE_EVENTS, new TailStart.Ago(sources.window()), listener));
        tails.add(this.<RpcReply>tail(Topics.RPC_REPLIES, new TailStart.Ago(sources.replyMemory()), sources.replies()));
        startMailboxes(current);
        complete = true;
        renewing = false;
    }

    private void startMailboxes(int current) throws InterruptedException {
        while (!closed) {
            try {
                mailboxes.start(current);
                return;
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("reason", e).log("starting mailboxes failed, will retry");
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Retries until the brokers' names resolve. */
    private GenerationLookup generationLookup() throws InterruptedException {
        while (true) {
            try {
                return new GenerationLookup(kafka);
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("reason", e).log("Kafka admin client not created, will retry");
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Running requests end before the state changes; longer ones notice the changed generation. */
    private void reset(int current, Sources sources) throws InterruptedException {
        log.atError()
                .addKeyValue("topic", Topics.DEVICE_EVENTS.name())
                .addKeyValue("reason", "another topic id: " + current)
                .log("topic was re-created, discarding all state");
        renewing = true;
        complete = false;
        var before = events;
        if (before != null) {
            before.end();
        }
        Thread.sleep(SETTLE_TIME);
        maintenance.stop();
        closeAll(tails.stream().<Runnable>map(tail -> tail::close).toList());
        tails.clear();
        sources.feed().clear();
        mailboxes.stop();
    }

    /** Waits until the brokers answer: nothing is read before. */
    private boolean isSame(int current, GenerationLookup topic) {
        try {
            var asked = topic.currentGeneration();
            while (asked.isEmpty() && !closed && !renewing) {
                Thread.sleep(PAUSE);
                asked = topic.currentGeneration();
            }
            boolean isSame = asked.isPresent() && asked.getAsInt() == current;
            if (!isSame) {
                recheck.release();
            }
            return isSame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private <T extends SpecificRecord> TopicTail<T> tail(Topic<T> topic, TailStart start, TailListener<T> listener) {
        return TopicTail.start(topic, start, kafka, "delivery-" + topic.name(), codec, deadLetters, listener);
    }
}
