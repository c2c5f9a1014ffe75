package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.feed.FeedSettings;
import dev.ncwrelay.delivery.mailbox.MailboxNode;
import dev.ncwrelay.delivery.position.Positions;
import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.delivery.reply.Replies;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.startup.StartupCheck;
import dev.ncwrelay.schemas.startup.StartupState;
import dev.ncwrelay.schemas.tail.TailListener;
import dev.ncwrelay.schemas.tail.TailStart;
import dev.ncwrelay.schemas.tail.TopicTail;
import dev.ncwrelay.schemas.thread.VitalThread;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node reads of Kafka: events and replies from a window back, acknowledgements and devices from the
 * beginning. Each has a thread of its own, so that a large reply never holds up an event.
 */
final class Tails implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Tails.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final Publisher deadLetters;
    private final DeviceRegistry registry;
    private final Generation generation;
    private final MailboxNode mailboxes;
    private final PositionUpkeep upkeep = new PositionUpkeep();
    private final List<TopicTail<?>> tails = new CopyOnWriteArrayList<>();
    private volatile boolean complete;

    Tails(
            KafkaConnection kafka,
            RecordCodec codec,
            Publisher deadLetters,
            DeviceRegistry registry,
            Generation generation,
            MailboxNode mailboxes) {
        this.kafka = kafka;
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.registry = registry;
        this.generation = generation;
        this.mailboxes = mailboxes;
    }

    /** Starts reading once Kafka and the registry are as they must be. */
    void startAfter(
            StartupCheck check,
            FeedSettings settings,
            Duration replyMemory,
            Feed feed,
            Positions positions,
            Replies replies) {
        var _ = check.outcome().thenAccept(state -> {
            if (state instanceof StartupState.Ready) {
                VitalThread.startVirtual("start-tails", () -> start(settings, replyMemory, feed, positions, replies));
            }
        });
    }

    /** What is not as it should be, for people; empty when this node has read all it must and goes on reading. */
    Optional<String> trouble() {
        if (!complete) {
            return Optional.of("tails not started yet");
        }
        if (!registry.isCaughtUp()) {
            return Optional.of("devices not read yet"
                    + registry.trouble().map(cause -> ": " + cause).orElse(""));
        }
        if (!tails.stream().allMatch(TopicTail::isCaughtUp)) {
            return Optional.of("topics not read up to their ends yet");
        }
        return tails.stream()
                .flatMap(tail -> tail.trouble().stream())
                .findFirst()
                .or(mailboxes::trouble);
    }

    @Override
    public void close() {
        upkeep.close();
        tails.forEach(TopicTail::close);
    }

    private void start(FeedSettings settings, Duration replyMemory, Feed feed, Positions positions, Replies replies) {
        until("topic id not known yet", () -> generation.load(kafka));
        var acknowledged = this.<DeviceCursor>tail(Topics.DEVICE_CURSORS, new TailStart.Beginning(), positions);
        var _ = acknowledged.caughtUp().thenRun(() -> upkeep.start(positions));
        tails.add(acknowledged);
        tails.add(this.<DeviceEvent>tail(Topics.DEVICE_EVENTS, new TailStart.Ago(settings.window()), feed));
        tails.add(this.<RpcReply>tail(Topics.RPC_REPLIES, new TailStart.Ago(replyMemory), replies));
        until("mailboxes not started yet", () -> mailboxes.start(generation.getAsInt()));
        complete = true;
    }

    /** Does it, again and again while Kafka cannot be asked or its name does not resolve. */
    private static void until(String failure, Attempt attempt) {
        while (true) {
            try {
                attempt.run();
                return;
            } catch (ExecutionException | RuntimeException e) {
                log.atWarn().addKeyValue("reason", e).log(failure);
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private interface Attempt {
        void run() throws ExecutionException, InterruptedException;
    }

    private <T extends SpecificRecord> TopicTail<T> tail(Topic<T> topic, TailStart start, TailListener<T> listener) {
        return TopicTail.start(topic, start, kafka, "delivery-" + topic.name(), codec, deadLetters, listener);
    }
}
