package dev.ncwrelay.delivery.messages.mailbox;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What mailboxes store of each device, and for how long: {@code relay.delivery.mailbox.*}.
 *
 * @param retention how long an event is kept that is not acknowledged
 * @param replay how long it is kept once every consumer of the device has acknowledged it
 * @param dedupe how long an event id is remembered, so that a webhook sent twice is delivered once
 * @param maxEvents maximum number of events per device; older ones are removed, and readers get 410
 * @param maxBytes maximum size of a device's events; older ones are removed likewise
 * @param transactions how long the latest state of a transaction is kept
 * @param standbys number of other nodes with a copy
 * @param stateDir directory of this node's copies
 * @param memory memory of all stores of this node together
 */
@ConfigurationProperties(prefix = "relay.delivery.mailbox", ignoreUnknownFields = false)
public record MailboxSettings(
        @DefaultValue("7d") Duration retention,
        @DefaultValue("24h") Duration replay,
        @DefaultValue("24h") Duration dedupe,
        @DefaultValue("10000") int maxEvents,
        @DefaultValue("64MB") DataSize maxBytes,
        @DefaultValue("90d") Duration transactions,
        @DefaultValue("1") int standbys,
        @DefaultValue("data/mailbox") Path stateDir,
        @DefaultValue("64MB") DataSize memory) {

    public MailboxSettings {
        require(retention.isPositive(), "retention", "positive", retention);
        require(replay.isPositive() && replay.compareTo(retention) <= 0, "replay", "positive, up to retention", replay);
        require(dedupe.isPositive() && dedupe.compareTo(retention) <= 0, "dedupe", "positive, up to retention", dedupe);
        require(maxEvents > 0, "max-events", "positive", maxEvents);
        require(maxBytes.toBytes() > 0, "max-bytes", "positive", maxBytes);
        require(transactions.isPositive(), "transactions", "positive", transactions);
        require(standbys >= 0, "standbys", "0 or more", standbys);
        require(memory.toMegabytes() >= 8, "memory", "at least 8MB", memory);
    }

    MailboxBounds bounds() {
        return new MailboxBounds(retention, replay, dedupe, maxEvents, maxBytes.toBytes(), transactions);
    }

    private static void require(boolean holds, String key, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "relay.delivery.mailbox." + key + " must be " + expected + ", not " + actual);
        }
    }
}
