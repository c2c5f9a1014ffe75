package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.kafka.thread.CriticalThread;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due in all partitions, in batches, with a thread of its own. While the service accepts nothing, batches are
 * attempted less and less often.
 */
final class WakeSender implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WakeSender.class);
    private static final Duration IDLE_PAUSE = Duration.ofMillis(100);
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(5);
    private static final Duration CHECK_INTERVAL_WHILE_FAILING = Duration.ofSeconds(10);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
    private static final int MAX_DOUBLINGS = 6;

    /** Messages of a batch whose failure shows that the service is away. */
    private static final int MANY = 20;

    private final PushService service;
    private final Supplier<List<PartitionWakes>> partitions;
    private final ChannelMetrics metrics;
    private final Clock clock;
    private final Thread thread;

    /** Completes when nothing that was taken before is being sent any more. */
    private volatile CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

    private final SendFailures failures;
    private volatile boolean closed;
    private Instant checkAt = Instant.MIN;
    private Instant pausedUntil = Instant.MIN;
    private int failedBatches;
    private int nextPartition;

    /** Messages of a device of one partition. */
    private record Group(PartitionWakes partition, String deviceId) {}

    WakeSender(PushService service, Supplier<List<PartitionWakes>> partitions, ChannelMetrics metrics, Clock clock) {
        this.service = service;
        this.partitions = partitions;
        this.metrics = metrics;
        this.clock = clock;
        this.failures = new SendFailures(service.kind(), clock);
        this.thread = CriticalThread.unstarted("wake " + service.kind(), this::run);
    }

    static void overdue(MeterRegistry meters, String kind, Supplier<Duration> overdue) {
        Gauge.builder("relay.channel.overdue", () -> overdue.get().toMillis() / 1_000.0)
                .description("How long the push message that waits longest has been due")
                .baseUnit("seconds")
                .tag("kind", kind)
                .register(meters);
    }

    void start() {
        thread.start();
    }

    /** Why the service does not accept all messages and what to do about it; empty when it does. */
    Optional<String> failure() {
        return failures.current();
    }

    /** Waits until nothing that was taken before this call is being sent any more, or until the service takes very long. */
    void awaitSent() {
        try {
            sending.get(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.atWarn().addKeyValue("reason", e.toString()).log("partition given up while messages are being sent");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (thread.isAlive()) {
                thread.join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                if (!sendBatch()) {
                    Thread.sleep(IDLE_PAUSE);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Returns whether more may be due. */
    boolean sendBatch() {
        var now = clock.instant();
        if (now.isBefore(pausedUntil)) {
            return false;
        }
        var done = new CompletableFuture<Void>();
        // Before anything is taken: who closes a partition then waits for what was taken from it.
        sending = done;
        try {
            var batch = take();
            if (batch.isEmpty()) {
                check(now);
                return false;
            }
            send(batch);
            return true;
        } finally {
            done.complete(null);
        }
    }

    private Map<Group, List<WakeUp>> take() {
        var batch = new LinkedHashMap<Group, List<WakeUp>>();
        // A device may have several more than the limit has left.
        int left = PushService.MAX_MESSAGES;
        var all = partitions.get();
        // Each batch begins behind the partition that the one before ended with: one with many messages holds back no
        // other.
        for (int i = 0; i < all.size() && left > 0; i++) {
            var partition = all.get(nextPartition % all.size());
            nextPartition = (nextPartition + 1) % all.size();
            for (var wakeUp : partition.take(left)) {
                var group = new Group(partition, wakeUp.subscription().key().deviceId());
                batch.computeIfAbsent(group, _ -> new ArrayList<>()).add(wakeUp);
                left--;
            }
        }
        return batch;
    }

    private void send(Map<Group, List<WakeUp>> batch) {
        var wakeUps = batch.values().stream().flatMap(List::stream).toList();
        var outcomes = new ArrayList<PushOutcome>(wakeUps.size());
        for (int i = 0; i < wakeUps.size(); i += PushService.MAX_MESSAGES) {
            outcomes.addAll(service.send(wakeUps.subList(i, Math.min(wakeUps.size(), i + PushService.MAX_MESSAGES))));
        }
        var rest = outcomes.iterator();
        var rounds = new LinkedHashMap<Group, List<SentWakeUp>>();
        batch.forEach((group, messages) -> rounds.put(
                group,
                messages.stream()
                        .map(wakeUp -> new SentWakeUp(wakeUp, rest.next()))
                        .toList()));
        var sent = rounds.values().stream().flatMap(List::stream).toList();
        sent.forEach(this::count);
        failures.sent(sent);
        pauseAfter(outcomes);
        rounds.forEach((group, round) -> group.partition().sent(group.deviceId(), round));
    }

    /**
     * Pauses when the service has accepted no message of many: a few may have the trouble to themselves. Doubled with each
     * batch up to the longest pause, unless the service itself asks for more.
     */
    private void pauseAfter(List<PushOutcome> outcomes) {
        var longest = Duration.ZERO;
        int postponed = 0;
        for (var outcome : outcomes) {
            switch (outcome) {
                case PushOutcome.Postponed(var _, var pause) -> {
                    longest = max(longest, pause);
                    postponed++;
                }
                // Other platforms have no part in it.
                case PushOutcome.PlatformRefused(var _, var _) -> {}
                case PushOutcome.Accepted _, PushOutcome.TokenGone _, PushOutcome.Rejected _ -> {
                    failedBatches = 0;
                    return;
                }
            }
        }
        if (postponed < MANY) {
            return;
        }
        var doubled = longest.multipliedBy(1L << Math.min(failedBatches, MAX_DOUBLINGS));
        failedBatches++;
        var pause = max(longest, doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE);
        // Up to a fifth more, so that not all instances return at once.
        pausedUntil = clock.instant()
                .plus(pause)
                .plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 5 + 1));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private void check(Instant now) {
        if (now.isBefore(checkAt)) {
            return;
        }
        var found = service.check();
        failures.checked(found);
        checkAt = now.plus(found.isPresent() ? CHECK_INTERVAL_WHILE_FAILING : CHECK_INTERVAL);
    }

    private void count(SentWakeUp sent) {
        switch (sent.outcome()) {
            case PushOutcome.Accepted() -> metrics.accepted();
            case PushOutcome.TokenGone(var _) -> metrics.gone();
            case PushOutcome.Postponed _, PushOutcome.PlatformRefused _ -> metrics.retried();
            case PushOutcome.Rejected(var reason) -> {
                metrics.refused();
                log.atError()
                        .addKeyValue("kind", service.kind())
                        .addKeyValue(
                                "deviceId", sent.wakeUp().subscription().key().deviceId())
                        .addKeyValue("reason", reason)
                        .log("push message rejected, not sent again");
            }
        }
    }
}
