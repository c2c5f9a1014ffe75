package dev.ncwrelay.rpc.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is asked of Fireblocks: {@code relay.rpc.limit.*}. Fireblocks limits the calls of each API user per minute
 * and does not publish how many (its page "Rate limits").
 *
 * @param callsPerMinute of each API user, all instances together; 0 where that is not known
 * @param fewestPerMinute of each API user and instance, however often Fireblocks says that it is too many
 * @param stepPerMinute by how much that grows every ten seconds in which it does not
 * @param inFlightPerTenant calls of a tenant that run or wait here at once; 0 for no limit but the instance's
 * @param waitingPerTenant requests of a tenant that wait here while Fireblocks does not serve its account, where others
 *     have accounts too
 */
@ConfigurationProperties(prefix = "relay.rpc.limit", ignoreUnknownFields = false)
public record LimitProperties(
        @DefaultValue("0") int callsPerMinute,
        @DefaultValue("60") int fewestPerMinute,
        @DefaultValue("60") int stepPerMinute,
        @DefaultValue("0") int inFlightPerTenant,
        @DefaultValue("200") int waitingPerTenant) {

    public LimitProperties {
        requireNotNegative("calls-per-minute", callsPerMinute);
        requireNotNegative("in-flight-per-tenant", inFlightPerTenant);
        requireNotNegative("waiting-per-tenant", waitingPerTenant);
        requirePositive("fewest-per-minute", fewestPerMinute);
        requirePositive("step-per-minute", stepPerMinute);
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("relay.rpc.limit." + key + " must be positive, not " + value);
        }
    }

    private static void requireNotNegative(String key, int value) {
        if (value < 0) {
            throw new IllegalArgumentException("relay.rpc.limit." + key + " must not be negative, not " + value);
        }
    }
}
