package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.ingress.verify.VerifySettings;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is accepted, and the bounds of the webhook endpoint: {@code relay.ingress.*}.
 *
 * @param workspaces ids of the workspaces (v2) and tenants (v1) whose events are accepted; empty for all
 * @param verify bound beside the step it configures; here so that unknown keys are found on this level, too
 */
@ConfigurationProperties(prefix = "relay.ingress", ignoreUnknownFields = false)
record IngressSettings(
        @DefaultValue Set<String> workspaces,
        @DefaultValue Http http,
        @DefaultValue Replay replay,
        @DefaultValue VerifySettings verify) {

    IngressSettings {
        workspaces = Set.copyOf(workspaces);
    }

    /**
     * Limits of a request.
     *
     * @param maxBody maximum bytes of a webhook; Fireblocks documents no limit
     * @param maxBodies maximum bytes of all bodies in memory, including those whose event waits for Kafka
     * @param minRate minimum bytes per second of a body, on average over {@code rateWindow}
     * @param rateWindow how long any body may take, and the time over which its rate is measured
     * @param headTimeout time from the first to the last byte of a request head
     * @param forgedDelay delay of the response to a forged signature; together with the number of connections it limits how
     *     many forged signatures are verified
     */
    record Http(
            @DefaultValue("5MB") DataSize maxBody,
            @DefaultValue("64MB") DataSize maxBodies,
            @DefaultValue("32KB") DataSize minRate,
            @DefaultValue("10s") Duration rateWindow,
            @DefaultValue("10s") Duration headTimeout,
            @DefaultValue("2s") Duration forgedDelay) {

        Http {
            if (maxBody.toBytes() <= 0
                    || maxBody.toBytes() > DataSize.ofMegabytes(5).toBytes()) {
                throw new IllegalArgumentException(
                        "relay.ingress.http.max-body must be positive and at most 5MB, the limit of the topics; not "
                                + maxBody);
            }
            if (maxBodies.toBytes() < 2 * maxBody.toBytes()) {
                throw new IllegalArgumentException(
                        "relay.ingress.http.max-bodies must be at least twice max-body, not " + maxBodies);
            }
            if (minRate.toBytes() < 1) {
                throw new IllegalArgumentException("relay.ingress.http.min-rate must be positive, not " + minRate);
            }
            requireClientTime("rate-window", rateWindow);
            requireClientTime("head-timeout", headTimeout);
            if (forgedDelay.isNegative() || forgedDelay.compareTo(Duration.ofSeconds(20)) > 0) {
                throw new IllegalArgumentException(
                        "relay.ingress.http.forged-delay must be from 0s to 20s, not " + forgedDelay);
            }
        }

        /** A time that clients are given to send something. */
        private static void requireClientTime(String key, Duration time) {
            if (time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException(
                        "relay.ingress.http." + key + " must be from 100ms to 1m, not " + time);
            }
        }
    }

    /**
     * Recognition of repeated bodies.
     *
     * @param window how long a published body is remembered
     * @param maxEntries maximum of remembered bodies, about 120 bytes each; the oldest is removed first
     */
    record Replay(
            @DefaultValue("24h") Duration window,
            @DefaultValue("200000") int maxEntries) {

        Replay {
            if (window.isNegative() || window.compareTo(Duration.ofDays(7)) > 0) {
                throw new IllegalArgumentException("relay.ingress.replay.window must be from 0s to 7d, not " + window);
            }
            if (maxEntries < 1 || maxEntries > 10_000_000) {
                throw new IllegalArgumentException(
                        "relay.ingress.replay.max-entries must be from 1 to 10000000, not " + maxEntries);
            }
        }
    }
}
