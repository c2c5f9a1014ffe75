package dev.ncwrelay.channel.fcm;

import dev.ncwrelay.channel.wake.WakeSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Push messages by Firebase Cloud Messaging: {@code relay.channel.fcm.*}.
 *
 * @param enabled whether devices are woken
 * @param group the consumer group shared by all instances
 * @param credentialsFile the file of a service account, in JSON; required if enabled
 * @param projectId the Firebase project; null for that of the credentials
 * @param delay how long an event is unacknowledged, and the device not served, before the device is woken
 * @param interval shortest time between two rounds of messages to a device's tokens
 * @param maxInterval longest time between two rounds for a device that acknowledges nothing
 * @param dailyCap most rounds for a device in 24 hours, which begin with the first one
 * @param maxAge an event that is older wakes no device
 * @param ttl how long FCM keeps a message for a phone that is off
 * @param urgentEvents types of the events that need the user now, as Fireblocks names them
 * @param endpoint for tests: replaces https://fcm.googleapis.com, on this machine only
 */
@ConfigurationProperties(prefix = "relay.channel.fcm", ignoreUnknownFields = false)
record FcmSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("ncw-channel-fcm") String group,
        @Nullable Path credentialsFile,
        @Nullable String projectId,
        @DefaultValue("3s") Duration delay,
        @DefaultValue("30s") Duration interval,
        @DefaultValue("1h") Duration maxInterval,
        @DefaultValue("72") int dailyCap,
        @DefaultValue("7d") Duration maxAge,
        @DefaultValue("7d") Duration ttl,

        @DefaultValue({
            "transaction.status.updated",
            "embedded_wallet.status.updated",
            "embedded_wallet.device.added",
            "TRANSACTION_STATUS_UPDATED",
            "NCW_TRANSACTION_STATUS_UPDATED",
            "NCW_ADD_DEVICE_SETUP_REQUESTED",
            "NCW_DEVICE_MESSAGE"
        })
        Set<String> urgentEvents,

        @Nullable URI endpoint) {

    private static final String PREFIX = "relay.channel.fcm.";

    /** https://firebase.google.com/docs/cloud-messaging/customize-messages/setting-message-lifespan. */
    private static final Duration MAX_TTL = Duration.ofDays(28);

    FcmSettings {
        urgentEvents = Set.copyOf(urgentEvents);
        credentialsFile = credentialsFile == null || credentialsFile.toString().isBlank() ? null : credentialsFile;
        projectId = projectId == null || projectId.isBlank() ? null : projectId;
        endpoint = endpoint == null || endpoint.toString().isBlank() ? null : endpoint;
        require(!group.isBlank(), "group", "not blank", group);
        require(
                !enabled || credentialsFile != null,
                "credentials-file",
                "the path of a service account's file",
                "missing");
        require(!delay.isNegative(), "delay", "zero or longer", delay);
        require(interval.isPositive(), "interval", "positive", interval);
        require(
                maxInterval.compareTo(interval) >= 0,
                "max-interval",
                "at least " + PREFIX + "interval, " + interval,
                maxInterval);
        require(dailyCap > 0, "daily-cap", "positive", dailyCap);
        require(maxAge.isPositive(), "max-age", "positive", maxAge);
        require(
                ttl.toSeconds() > 0 && ttl.compareTo(MAX_TTL) <= 0,
                "ttl",
                "at least a second and at most 28 days",
                ttl);
        require(
                endpoint == null || isOnThisMachine(endpoint),
                "endpoint",
                "an http or https URL on this machine without a path, such as http://127.0.0.1:8091: it receives the"
                        + " devices' tokens and the service's access token",
                endpoint == null ? "" : endpoint);
    }

    WakeSettings wake() {
        return new WakeSettings(delay, interval, maxInterval, dailyCap, maxAge, urgentEvents);
    }

    private static boolean isOnThisMachine(URI endpoint) {
        try {
            return isPlain(endpoint)
                    && InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isPlain(URI endpoint) {
        return ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
                && endpoint.getHost() != null
                && endpoint.getUserInfo() == null
                && endpoint.getRawPath().isEmpty()
                && endpoint.getQuery() == null
                && endpoint.getFragment() == null;
    }

    private static void require(boolean valid, String key, String expected, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(PREFIX + key + " must be " + expected + ", not " + value);
        }
    }
}
