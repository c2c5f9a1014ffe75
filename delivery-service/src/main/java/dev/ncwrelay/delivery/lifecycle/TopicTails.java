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
import dev.ncwrelay.kafka.send.RecordSender;
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
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node reads of Kafka: events and replies from a window back, acknowledgements and devices from the
 * beginning. Each has a thread of its own, so that a large reply never holds up an event.
 */
final class TopicTails implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TopicTails.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How often the events' topic is looked at. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /** Longer than a request looks at a position before it holds a reader, which notices a change. */
    private static final Duration SETTLE_TIME = Duration.ofSeconds(1);

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final RecordSender deadLetters;
    private final DeviceRegistry registry;
    private final Generation generation;
    private final MailboxNode mailboxes;
    private final AckPositionMaintenance maintenance;
    private final List<TopicTail<?>> tails = new CopyOnWriteArrayList<>();
    private final Semaphore recheck = new Semaphore(0);
    private volatile @Nullable SingleGenerationListener events;
    private volatile boolean complete;
    private volatile boolean renewing;
    private volatile boolean closed;

    /** What is read into, and how far back. */
    private record Sources(
            Duration window, Duration replyMemory, Feed feed, AckPositions positions, ReplyRegistry replies) {}

    TopicTails(
            KafkaConnection kafka,
            RecordCodec codec,
            RecordSender deadLetters,
            DeviceRegistry registry,
            Generation generation,
            MailboxNode mailboxes,
            AckPositionMaintenance maintenance) {
        this.kafka = kafka;
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.registry = registry;
        this.generation = generation;
        this.mailboxes = mailboxes;
        this.maintenance = maintenance;
    }

    /** Starts reading once Kafka and the registry are as they must be. */
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

    /** What is not as it should be, for people; empty when this node has read all it must and goes on reading. */
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
        if (!tails.stream().allMatch(TopicTail::isCaughtUp)) {
            return Optional.of("topics not read up to their ends yet");
        }
        return tails.stream()
                .flatMap(tail -> tail.failure().stream())
                .findFirst()
                .or(mailboxes::notReadyReason);
    }

    /** True while the events' topic is another than what this node holds is of: then nothing may be answered. */
    boolean isRenewing() {
        return renewing;
    }

    @Override
    public void close() {
        closed = true;
        recheck.release();
        maintenance.stop();
        closeAll(tails.stream().<Runnable>map(tail -> tail::close).toList());
    }

    /** At the same time: while Kafka is away each takes seconds, and an orchestrator does not wait for their sum. */
    static void closeAll(Collection<? extends Runnable> closings) {
        try (var threads = Executors.newThreadPerTaskExecutor(CriticalThread.virtualFactory("close "))) {
            closings.forEach(threads::execute);
        }
    }

    /** Reads, and begins anew whenever the events' topic was deleted and created again. */
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
        var oneLife = new SingleGenerationListener(sources.feed(), () -> isSame(current, topic));
        events = oneLife;
        var acknowledged =
                this.<DeviceCursor>tail(Topics.DEVICE_CURSORS, new TailStart.Beginning(), sources.positions());
        var _ = acknowledged.caughtUp().thenRun(() -> maintenance.start(sources.positions()));
        tails.add(acknowledged);
        tails.add(this.<DeviceEvent>tail(Topics.DEVICE_EVENTS, new TailStart.Ago(sources.window()), oneLife));
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

    /** Asks as soon as the name of the brokers resolves. */
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

    /** Requests that are under way end before anything changes; what lasts longer finds the generation changed. */
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

    /** Waits for an answer: nothing is read before it is there. */
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
