package dev.ncwrelay.testkit.webhook;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The pauses between one attempt to deliver a webhook and the next; there is one attempt more than there are pauses. */
public record RetrySchedule(List<Duration> pauses) {

    public RetrySchedule {
        pauses = List.copyOf(pauses);
        if (pauses.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("pauses of 0 or more are needed, not " + pauses);
        }
    }

    /** Webhooks v2, from Fireblocks' page on responses and retries: 10 attempts within about 7.9 hours. */
    public static RetrySchedule v2() {
        return ofSeconds(10, 30, 120, 300, 900, 1800, 3600, 7200, 14400);
    }

    /** Webhooks v1, from Fireblocks' page on consuming webhooks: 10 attempts within about 1.4 hours. */
    public static RetrySchedule v1() {
        return ofSeconds(5, 15, 35, 75, 155, 315, 635, 1275, 2555);
    }

    /** One attempt only. */
    public static RetrySchedule none() {
        return new RetrySchedule(List.of());
    }

    /** The same schedule run through faster (factor below 1) or slower. */
    public RetrySchedule scaledBy(double factor) {
        return new RetrySchedule(pauses.stream()
                .map(pause -> Duration.ofNanos(Math.round(pause.toNanos() * factor)))
                .toList());
    }

    private static RetrySchedule ofSeconds(long... seconds) {
        return new RetrySchedule(
                Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList());
    }
}
