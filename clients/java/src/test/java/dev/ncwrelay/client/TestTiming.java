package dev.ncwrelay.client;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers how long the client wanted to sleep, and sleeps a fraction of it; waits for others can be as short. */
final class TestTiming implements Timing {

    private final SystemTiming system = new SystemTiming();
    private final List<Duration> sleeps = new CopyOnWriteArrayList<>();
    private final Random random;
    private final int sleepsFaster;
    private final int waitsFaster;
    private final Duration longestFaster;

    TestTiming() {
        this(new Random(1), 20, 1);
    }

    TestTiming(Random random, int sleepsFaster, int waitsFaster) {
        this(random, sleepsFaster, waitsFaster, Duration.ofDays(1));
    }

    /** @param longestFaster longer waits keep their length */
    TestTiming(Random random, int sleepsFaster, int waitsFaster, Duration longestFaster) {
        this.random = random;
        this.sleepsFaster = sleepsFaster;
        this.waitsFaster = waitsFaster;
        this.longestFaster = longestFaster;
    }

    /** In order. */
    List<Duration> sleeps() {
        return sleeps;
    }

    @Override
    public long millis() {
        return system.millis();
    }

    @Override
    public synchronized double random() {
        return random.nextDouble();
    }

    @Override
    public void sleep(Duration time, CompletableFuture<?> end) throws InterruptedException {
        sleeps.add(time);
        system.sleep(time.dividedBy(sleepsFaster), end);
    }

    @Override
    public Duration limit(Duration time) {
        return time.compareTo(longestFaster) > 0 ? time : time.dividedBy(waitsFaster);
    }
}
