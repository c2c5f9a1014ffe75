package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.dispatch.DeviceSequencer;
import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A partition, its group's commits, and its successive owners. Each owner works as the service does, step by step, with
 * the service's own tracker, deduplicator and codec. One thread and one seed, so that a history can be repeated.
 */
final class SimulatedPartition {

    private static final int MOST_AT_ONCE = 12;
    private static final int LONG_ENOUGH = 100_000;

    private final Random random;
    private final List<Request> log = new ArrayList<>();
    private final Map<String, Request> requests = new HashMap<>();
    private final Map<RequestKey, Long> replies = new HashMap<>();
    private final List<Owner> zombies = new ArrayList<>();

    /** Calls that previous owners finish after they have released the partition. */
    private final List<Work> handedOver = new ArrayList<>();

    private final boolean isOrderly;
    private long position;
    private String metadata = "";
    private Owner owner;

    /** @param isOrderly owners only hand over; there are no failures */
    SimulatedPartition(long seed, boolean isOrderly) {
        this.isOrderly = isOrderly;
        this.random = new Random(seed);
        this.owner = new Owner();
    }

    /** One request, which may have several records. */
    static final class Request {
        private final String id;
        private final boolean repeatable;
        private int executions;
        private int replies;
        private boolean zombies;
        private boolean ambiguous;

        private Request(String id, boolean repeatable) {
            this.id = id;
            this.repeatable = repeatable;
        }

        boolean repeatable() {
            return repeatable;
        }

        int executions() {
            return executions;
        }

        int replies() {
            return replies;
        }

        /** Whether the request was uncertain to an owner. */
        boolean isAmbiguous() {
            return ambiguous;
        }

        /** Whether an owner whose session had timed out replied to it. */
        boolean isZombies() {
            return zombies;
        }

        @Override
        public String toString() {
            return id;
        }
    }

    List<Request> requests() {
        return List.copyOf(requests.values());
    }

    long position() {
        return position;
    }

    long end() {
        return log.size();
    }

    void live(int steps) {
        for (int i = 0; i < steps; i++) {
            int dice = random.nextInt(100);
            if (dice < 25) {
                write();
            } else if (dice < 92) {
                owner.step();
            } else if (dice < 95) {
                zombies.forEach(Owner::step);
                stepHandedOver();
            } else {
                change(isOrderly ? 99 : dice);
            }
            assertNothingUnfinishedBelow(position);
        }
    }

    /** Without further failures, the last owner finishes everything. */
    void settle() {
        change(isOrderly ? 99 : 95);
        for (int i = 0; i < LONG_ENOUGH && position < log.size(); i++) {
            owner.step();
            zombies.forEach(Owner::step);
            stepHandedOver();
        }
    }

    private void stepHandedOver() {
        handedOver.forEach(Work::step);
        // Some are killed at the end.
        handedOver.removeIf(work -> work.isOver || (!isOrderly && random.nextInt(20) == 0));
    }

    private void write() {
        boolean again = !requests.isEmpty() && random.nextInt(5) == 0;
        var id = "request-" + (again ? random.nextInt(requests.size()) : requests.size());
        log.add(requests.computeIfAbsent(id, _ -> new Request(id, random.nextBoolean())));
    }

    private void change(int dice) {
        switch (dice) {
            case 95, 96 -> {
                // Killed: it does nothing more.
            }
            case 97 -> zombies.add(owner);
            default -> owner.handOver();
        }
        owner.isOwner = false;
        owner = new Owner();
    }

    private void assertNothingUnfinishedBelow(long committed) {
        for (int offset = 0; offset < committed; offset++) {
            assertThat(log.get(offset).replies)
                    .as("replies to %s", log.get(offset))
                    .isPositive();
        }
    }

    /** One instance, while it owns the partition and, as a zombie, longer. */
    private final class Owner {

        private final OffsetTracker offsets;
        private final RequestDeduplicator ledger;
        private final DeviceSequencer sequencer = new DeviceSequencer();
        private final List<Work> works = new ArrayList<>();
        private long next;
        private boolean isOwner = true;
        private OffsetTracker.Snapshot sent;
        private long noted;
        private long requested;

        Owner() {
            var found = ProgressCodec.read(position, metadata).orElseThrow();
            offsets = new OffsetTracker(found);
            ledger = new RequestDeduplicator(replies, Duration.ofHours(1), System::nanoTime);
            next = position;
            sent = new OffsetTracker.Snapshot(PartitionProgress.at(position), 0);
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0 -> commit();
                case 1, 2 -> acknowledge();
                case 3, 4 -> read();
                default -> work();
            }
        }

        private void read() {
            if (next < log.size() && works.size() < MOST_AT_ONCE) {
                var fate = offsets.started(next, 0);
                if (fate != OffsetState.FINISHED) {
                    works.add(new Work(this, next, fate));
                }
                next++;
            }
        }

        private void work() {
            if (!works.isEmpty()) {
                var work = works.get(random.nextInt(works.size()));
                work.step();
                if (work.isOver) {
                    works.remove(work);
                }
            }
        }

        /** Sends a commit. Kafka accepts it from the owner only, and it may be lost. */
        void commit() {
            offsets.changedSince(requested).ifPresent(snapshot -> {
                requested = snapshot.change();
                sent = snapshot;
            });
        }

        void acknowledge() {
            if (!isOwner || sent.change() <= noted) {
                return;
            }
            assertThat(sent.progress().position()).isGreaterThanOrEqualTo(position);
            position = sent.progress().position();
            metadata = ProgressCodec.write(sent.progress());
            noted = sent.change();
        }

        /** Releases the partition at any moment, with a final commit. */
        void handOver() {
            works.stream().filter(Work::isMarked).forEach(work -> {
                if (work.hasBegun) {
                    offsets.markRunning(work.offset);
                    handedOver.add(work);
                } else {
                    offsets.markOpen(work.offset);
                }
            });
            works.clear();
            commit();
            acknowledge();
        }
    }

    /** One record being processed; it may end after any step. */
    private final class Work {

        private final Owner by;
        private final long offset;
        private final OffsetState found;
        private final Request request;
        private final RequestKey key;
        private final DeviceSequencer.Slot slot;
        private int at;
        private long change;
        private boolean hasBegun;
        private boolean isOver;

        Work(Owner by, long offset, OffsetState found) {
            this.by = by;
            this.offset = offset;
            this.found = found;
            this.request = log.get((int) offset);
            this.key = new RequestKey("device", request.id);
            this.slot = by.sequencer.next("device");
        }

        boolean isMarked() {
            return change > 0;
        }

        void step() {
            if (isOver) {
                return;
            }
            switch (at++) {
                case 0 -> admit();
                case 1 -> note();
                case 2 -> execute();
                case 3 -> reply();
                default -> finish();
            }
        }

        private void admit() {
            if (!slot.hasCome()) {
                at--;
                return;
            }
            slot.end();
            switch (by.ledger.admit(key, offset)) {
                case RequestDeduplicator.Admission.First _ -> {}
                case RequestDeduplicator.Admission.Joined _ -> isOver = true;
                case RequestDeduplicator.Admission.Answered _ -> {
                    by.offsets.finished(offset);
                    isOver = true;
                }
            }
        }

        private void note() {
            if (!request.repeatable && !isDoubtful()) {
                change = by.offsets.markUncertain(offset);
            }
        }

        private void execute() {
            if (!request.repeatable && isDoubtful()) {
                if (replies.containsKey(key)) {
                    finish();
                } else if (found == OffsetState.RUNNING && (isOrderly || random.nextInt(10) > 0)) {
                    // Until the deadline.
                    at--;
                } else {
                    // Replied ambiguous, and never executed.
                    request.ambiguous = true;
                }
                return;
            }
            if (by.noted < change) {
                at--;
                return;
            }
            hasBegun = true;
            request.executions++;
        }

        private boolean isDoubtful() {
            return found == OffsetState.UNCERTAIN || found == OffsetState.RUNNING;
        }

        private void reply() {
            request.replies++;
            request.zombies |= !by.isOwner || !by.equals(owner);
            replies.putIfAbsent(key, (long) replies.size());
        }

        private void finish() {
            by.ledger.answered(key, 0).forEach(by.offsets::finished);
            isOver = true;
        }
    }
}
