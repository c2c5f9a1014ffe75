package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicRequirement;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mailboxes as a Kafka Streams application: each partition is written by one node, copied to others, and moved when
 * nodes join and leave. State of another generation of the events topic is void, so the generation is part of the
 * application id.
 */
public final class MailboxStreams implements MailboxRouter.LocalCopies, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MailboxStreams.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final MailboxFailureHandler failures = new MailboxFailureHandler();
    private final KafkaEventTopic events;
    private final KafkaStreams streams;
    private volatile boolean hasRun;
    private final int partitions;
    private final HostInfo self;
    private final MailboxRouter.EventDecoder decoding;

    public MailboxStreams(
            KafkaConnection kafka,
            RecordCodec codec,
            MailboxSettings settings,
            int generation,
            HostInfo self,
            MailboxRouter.EventDecoder decoding,
            Function<String, Optional<RegisteredDevice>> registry) {
        this.decoding = decoding;
        this.partitions = kafka.partitions();
        this.self = self;
        var application = application(generation);
        events = new KafkaEventTopic(kafka.admin("delivery-mailbox"), application);
        var topology = topology(
                kafka,
                () -> new MailboxProcessor(settings.bounds(), codec, events, generation, kafka.partitions(), registry));
        streams = new KafkaStreams(topology, MailboxStreamsConfig.of(kafka, settings, application, self));
        streams.setUncaughtExceptionHandler(failures);
        streams.setStateListener((now, _) -> {
            if (now == KafkaStreams.State.RUNNING) {
                hasRun = true;
            }
        });
        streams.start();
    }

    /** True once this node's mailboxes have been running. */
    public boolean hasRun() {
        return hasRun;
    }

    /** Why the mailboxes have stopped, human-readable; empty while a mailbox thread runs or is being replaced. */
    public Optional<String> stoppedReason() {
        return switch (streams.state()) {
            case CREATED, REBALANCING, RUNNING -> Optional.empty();
            case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR ->
                Optional.of(failures.refusal().orElse("mailbox threads have stopped"));
        };
    }

    static Topology topology(KafkaConnection kafka, ProcessorSupplier<byte[], byte[], Void, Void> mailbox) {
        var store = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(MailboxProcessor.STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(changelogSettings(kafka));
        return new Topology()
                .addSource(
                        "records",
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        Topics.DEVICE_EVENTS.name(),
                        Topics.DEVICE_CURSORS.name())
                .addProcessor("mailbox", mailbox, "records")
                .addStateStore(store, "mailbox");
    }

    private static Map<String, String> changelogSettings(KafkaConnection kafka) {
        var settings = new HashMap<String, String>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MailboxStreamsConfig.MAX_RECORD_BYTES));
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        if (!kafka.developmentBroker()) {
            settings.put(
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    Integer.toString(kafka.topics().minInsyncReplicas()));
        }
        return settings;
    }

    /** The topic that Kafka Streams creates for the mailboxes of this generation of the events topic, and their group. */
    public static KafkaNeeds.InternalTopics needs(KafkaConnection kafka, int generation) {
        var application = application(generation);
        var changelog = new TopicRequirement(
                application + "-" + MailboxProcessor.STORE + "-changelog",
                kafka.partitions(),
                true,
                Duration.ZERO,
                MailboxStreamsConfig.MAX_RECORD_BYTES);
        return new KafkaNeeds.InternalTopics(
                List.of(changelog), KafkaAccess.none().own(changelog.name()).group(application));
    }

    private static String application(int generation) {
        return "ncw-delivery-mailbox-%08x".formatted(generation);
    }

    @Override
    public Optional<StoredPage> read(MailboxQuery query) {
        return copy(
                DevicePartition.of(query.deviceId(), partitions),
                store -> new MailboxReader(store, decoding).read(query));
    }

    /** Offset up to which this node's copy of a partition has been processed; empty when it has none. */
    public OptionalLong progress(int partition) {
        return copy(
                        partition,
                        store -> new MailboxReader(store, decoding).progress().upTo())
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** Reads from this node's copy; empty when it has none. Kafka Streams, too, looks the copy up for each access. */
    private <T> Optional<T> copy(int partition, Function<ReadOnlyKeyValueStore<Bytes, byte[]>, T> reading) {
        try {
            return store(partition).map(reading);
        } catch (InvalidStateStoreException e) {
            // It is moving to another node.
            return Optional.empty();
        } catch (UnknownFormatException e) {
            // A copy of what a node of another version writes; other nodes may be able to read theirs.
            failures.refuse(e);
            return Optional.empty();
        }
    }

    private Optional<ReadOnlyKeyValueStore<Bytes, byte[]>> store(int partition) {
        try {
            return Optional.of(streams.store(StoreQueryParameters.fromNameAndType(
                            MailboxProcessor.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                    .withPartition(partition)
                    .enableStaleStores()));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            // No copy on this node, or its mailboxes have stopped.
            return Optional.empty();
        }
    }

    @Override
    public List<HostInfo> others(String deviceId) {
        int partition = DevicePartition.of(deviceId, partitions);
        KeyQueryMetadata known;
        try {
            known = streams.queryMetadataForKey(
                    MailboxProcessor.STORE, deviceId, (_, _, _, _) -> Optional.of(Set.of(partition)));
        } catch (StreamsNotStartedException | IllegalStateException e) {
            return List.of();
        }
        if (known == null || known.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            return List.of();
        }
        var others = new ArrayList<HostInfo>();
        others.add(known.activeHost());
        others.addAll(known.standbyHosts());
        others.removeIf(host -> host.equals(self) || host.equals(HostInfo.unavailable()));
        return others;
    }

    @Override
    public void close() {
        // Leaves the group at once; by default the other nodes would wait for a timeout.
        streams.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
        events.close();
    }

    /** Deletes what is stored on this node; to be called only after {@link #close}. */
    public void deleteState() {
        try {
            streams.cleanUp();
        } catch (IllegalStateException e) {
            log.atWarn().addKeyValue("reason", e).log("deleting local mailbox state failed");
        }
    }
}
