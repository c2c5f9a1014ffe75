package dev.ncwrelay.rpc.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits on calls to Fireblocks: {@code relay.rpc.limit.*}. Fireblocks limits the calls of each API user per minute and
 * does not publish how many (its page "Rate limits").
 *
 * @param callsPerMinute of each API user, all instances together; 0 when it is not known
 * @param fewestPerMinute of each API user and instance; the rate is not reduced below it
 * @param stepPerMinute by how much the rate grows in ten seconds without a 429
 * @param inFlightPerTenant calls of a tenant that run or wait in this instance; 0 for no limit but that of the instance
 * @param waitingPerTenant requests of a tenant that wait in this instance while the circuit breaker of its account is
 *     open, if there are several accounts
 */
@ConfigurationProperties(prefix = "relay.rpc.limit", ignoreUnknownFields = false)
public record LimitSettings(
        @DefaultValue("0") int callsPerMinute,
        @DefaultValue("60") int fewestPerMinute,
        @DefaultValue("60") int stepPerMinute,
        @DefaultValue("0") int inFlightPerTenant,
        @DefaultValue("200") int waitingPerTenant) {

    public LimitSettings {
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
