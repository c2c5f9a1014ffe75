package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.delivery.channel.fcm.FcmKindSettings;
import dev.ncwrelay.delivery.channel.kafka.KafkaKindSettings;
import dev.ncwrelay.delivery.channel.rabbitmq.RabbitMqSettings;
import dev.ncwrelay.delivery.demo.user.DemoApiSettings;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.mailbox.MailboxSettings;
import dev.ncwrelay.delivery.messages.mailbox.peer.PeerSettings;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionSettings;
import dev.ncwrelay.delivery.messages.wait.WaitSettings;
import dev.ncwrelay.delivery.rpc.reply.RpcSettings;
import dev.ncwrelay.delivery.security.AuthSettings;
import dev.ncwrelay.delivery.signing.SigningSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class SettingsTest {

    private static final String DELIVERY = "relay.delivery.";

    @Test
    void defaults_areThoseDocumented() {
        assertThat(bind("feed", FeedSettings.class, Map.of()))
                .isEqualTo(new FeedSettings(
                        Duration.ofMinutes(2), DataSize.ofMegabytes(128), 240_000, Duration.ofHours(24)));
        assertThat(bind("wait", WaitSettings.class, Map.of()))
                .isEqualTo(new WaitSettings(16, 15_000, 20, Duration.ofMillis(1), Duration.ofSeconds(2)));
        assertThat(bind("live", SubscriptionSettings.class, Map.of()))
                .isEqualTo(new SubscriptionSettings(
                        256, Duration.ofSeconds(15), Duration.ofMinutes(15), Duration.ofSeconds(10), 8, 15_000));
        assertThat(bind("mailbox", MailboxSettings.class, Map.of()))
                .isEqualTo(new MailboxSettings(
                        Duration.ofDays(7),
                        Duration.ofHours(24),
                        Duration.ofHours(24),
                        10_000,
                        DataSize.ofMegabytes(64),
                        Duration.ofDays(90),
                        1,
                        Path.of("data/mailbox"),
                        DataSize.ofMegabytes(64)));
        assertThat(bind("peer", PeerSettings.class, Map.of()))
                .isEqualTo(new PeerSettings("127.0.0.1", 8083, null, null, null));
        assertThat(bind("rpc", RpcSettings.class, Map.of()))
                .isEqualTo(new RpcSettings(
                        Duration.ofSeconds(55), Duration.ofMinutes(5), DataSize.ofMegabytes(64), 10_000, 32));
        assertThat(bind("channel.rabbitmq", RabbitMqSettings.class, Map.of())).isEqualTo(new RabbitMqSettings(null));
        assertThat(bind("channel.kafka", KafkaKindSettings.class, Map.of()))
                .isEqualTo(new KafkaKindSettings(List.of(), 1_000, KafkaKindSettings.Security.SASL_SSL));
        assertThat(bind("channel.fcm", FcmKindSettings.class, Map.of())).isEqualTo(new FcmKindSettings(false, 10));
        assertThat(bind("demo-api", DemoApiSettings.class, Map.of()))
                .isEqualTo(new DemoApiSettings(false, null, 20, 20));
    }

    @Test
    void everyKey_isMapped() {
        assertThat(bind(
                        "feed",
                        FeedSettings.class,
                        Map.of("window", "1m", "max-bytes", "1KB", "dedupe-entries", "5", "dedupe-memory", "1h")))
                .isEqualTo(new FeedSettings(Duration.ofMinutes(1), DataSize.ofKilobytes(1), 5, Duration.ofHours(1)));
        assertThat(bind(
                        "wait",
                        WaitSettings.class,
                        Map.of(
                                "per-device",
                                "2",
                                "per-node",
                                "3",
                                "per-second",
                                "6",
                                "coalesce",
                                "4ms",
                                "drain",
                                "5s")))
                .isEqualTo(new WaitSettings(2, 3, 6, Duration.ofMillis(4), Duration.ofSeconds(5)));
        assertThat(bind(
                        "live",
                        SubscriptionSettings.class,
                        Map.of(
                                "window", "1",
                                "heartbeat", "2s",
                                "life", "3m",
                                "undrained", "4s",
                                "per-device", "5",
                                "per-node", "6")))
                .isEqualTo(new SubscriptionSettings(
                        1, Duration.ofSeconds(2), Duration.ofMinutes(3), Duration.ofSeconds(4), 5, 6));
        assertThat(bind(
                        "mailbox",
                        MailboxSettings.class,
                        Map.of(
                                "retention", "4d",
                                "replay", "2h",
                                "dedupe", "3h",
                                "max-events", "5",
                                "max-bytes", "6KB",
                                "transactions", "5d",
                                "standbys", "0",
                                "state-dir", "/data",
                                "memory", "9MB")))
                .isEqualTo(new MailboxSettings(
                        Duration.ofDays(4),
                        Duration.ofHours(2),
                        Duration.ofHours(3),
                        5,
                        DataSize.ofKilobytes(6),
                        Duration.ofDays(5),
                        0,
                        Path.of("/data"),
                        DataSize.ofMegabytes(9)));
        assertThat(bind(
                        "peer",
                        PeerSettings.class,
                        Map.of(
                                "address", "127.0.0.2",
                                "port", "1",
                                "advertised-host", "node-1",
                                "secret", "s",
                                "secret-file", "/secret")))
                .isEqualTo(new PeerSettings("127.0.0.2", 1, "node-1", "s", Path.of("/secret")));
        assertThat(bind(
                        "rpc",
                        RpcSettings.class,
                        Map.of(
                                "timeout", "1s",
                                "memory", "2s",
                                "max-memory", "1KB",
                                "calls", "3",
                                "calls-per-device", "2")))
                .isEqualTo(
                        new RpcSettings(Duration.ofSeconds(1), Duration.ofSeconds(2), DataSize.ofKilobytes(1), 3, 2));
        assertThat(bind(
                        "auth",
                        AuthSettings.class,
                        Map.of(
                                "issuer", "https://issuer",
                                "jwks-url", "https://issuer/keys",
                                "audience", "us",
                                "tenant-claim", "org",
                                "keys-kept", "1h",
                                "allowed-origins", "https://a,https://b")))
                .isEqualTo(new AuthSettings(
                        "https://issuer",
                        URI.create("https://issuer/keys"),
                        Duration.ofHours(1),
                        "us",
                        "org",
                        List.of("https://a", "https://b")));
        assertThat(bind("channel.rabbitmq", RabbitMqSettings.class, Map.of("url", "amqps://mq.example:5671/relay")))
                .isEqualTo(new RabbitMqSettings(URI.create("amqps://mq.example:5671/relay")));
        assertThat(bind("channel.fcm", FcmKindSettings.class, Map.of("enabled", "true", "max-tokens", "3")))
                .isEqualTo(new FcmKindSettings(true, 3));
        assertThat(bind(
                        "demo-api",
                        DemoApiSettings.class,
                        Map.of(
                                "enabled", "true",
                                "wallets-url", "https://backend.example/wallets",
                                "devices-per-user", "1",
                                "passphrases-per-user", "2")))
                .isEqualTo(new DemoApiSettings(true, URI.create("https://backend.example/wallets"), 1, 2));
    }

    @Test
    void addressOfRabbitMq_thatIsEmpty_isNone() {
        assertThat(bind("channel.rabbitmq", RabbitMqSettings.class, Map.of("url", "")))
                .isEqualTo(new RabbitMqSettings(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rabbit.internal:5671",
                "https://mq.example",
                "amqps:///relay",
                "amqps://user:password@mq.example",
                "amqps://mq.example?heartbeat=10",
                "amqps://mq.example#relay"
            })
    void addressOfRabbitMq_thatClientsCannotUse_isRejectedByName_withoutItsValue(String url) {
        assertThatThrownBy(() -> bind("channel.rabbitmq", RabbitMqSettings.class, Map.of("url", url)))
                .rootCause()
                .hasMessageContaining("relay.delivery.channel.rabbitmq.url")
                .hasMessageNotContaining(url);
    }

    @Test
    void addressOfWallets_thatIsEmpty_isNone() {
        assertThat(bind("demo-api", DemoApiSettings.class, Map.of("wallets-url", "")))
                .isEqualTo(new DemoApiSettings(false, null, 20, 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backend.internal:8443/wallets",
                "ftp://backend.example",
                "https:///wallets",
                "https://user:password@backend.example",
                "https://backend.example?key=secret",
                "https://backend.example#wallets"
            })
    void addressOfWallets_thatIsNotOne_isRejectedByName_withoutItsValue(String url) {
        assertThatThrownBy(() -> bind("demo-api", DemoApiSettings.class, Map.of("wallets-url", url)))
                .rootCause()
                .hasMessageContaining("relay.delivery.demo-api.wallets-url")
                .hasMessageNotContaining(url);
    }

    @ParameterizedTest
    @CsvSource({"devices-per-user, 0", "devices-per-user, 1001", "passphrases-per-user, 0", "passphrases-per-user, -1"})
    void demoApi_rejectsInvalidNumbers_byName(String key, String value) {
        assertThatThrownBy(() -> bind("demo-api", DemoApiSettings.class, Map.of(key, value)))
                .rootCause()
                .hasMessageContaining("relay.delivery.demo-api." + key);
    }

    @ParameterizedTest
    @CsvSource({"bootstrap-servers, kafka.example", "bootstrap-servers, kafka://a:1", "max-topics, 0"})
    void kafkaForClients_rejectsInvalidValues_byName(String key, String value) {
        assertThatThrownBy(() -> bind("channel.kafka", KafkaKindSettings.class, Map.of(key, value)))
                .rootCause()
                .hasMessageContaining("relay.delivery.channel.kafka." + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "101"})
    void tokensOfADevice_rejectInvalidNumbers_byName(String number) {
        assertThatThrownBy(() -> bind("channel.fcm", FcmKindSettings.class, Map.of("max-tokens", number)))
                .rootCause()
                .hasMessageContaining("relay.delivery.channel.fcm.max-tokens");
    }

    @ParameterizedTest
    @CsvSource({"window, 0s", "max-bytes, 0B", "dedupe-entries, 0", "dedupe-memory, -1s"})
    void feed_rejectsInvalidValues_byName(String key, String value) {
        assertThatThrownBy(() -> bind("feed", FeedSettings.class, Map.of(key, value)))
                .rootCause()
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({
        "retention, 0s",
        "replay, 8d",
        "dedupe, 8d",
        "max-events, 0",
        "max-bytes, 0B",
        "transactions, 0s",
        "standbys, -1",
        "memory, 1MB"
    })
    void mailbox_rejectsInvalidValues_byName(String key, String value) {
        assertThatThrownBy(() -> bind("mailbox", MailboxSettings.class, Map.of(key, value)))
                .rootCause()
                .hasMessageContaining("relay.delivery.mailbox." + key);
    }

    @ParameterizedTest
    @CsvSource({"per-device, 0", "per-node, 0", "per-second, 0", "coalesce, -1s", "drain, -1s"})
    void wait_rejectsInvalidValues_byName(String key, String value) {
        assertThatThrownBy(() -> bind("wait", WaitSettings.class, Map.of(key, value)))
                .rootCause()
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({"window, 0", "heartbeat, 0s", "life, -1s", "undrained, 0s", "per-device, 0", "per-node, 0"})
    void live_rejectsInvalidValues_byName(String key, String value) {
        assertThatThrownBy(() -> bind("live", SubscriptionSettings.class, Map.of(key, value)))
                .rootCause()
                .hasMessageContaining("relay.delivery.live." + key);
    }

    @ParameterizedTest
    @CsvSource({"timeout, 0s", "memory, 1s", "max-memory, 0B", "calls, 0", "calls-per-device, 0"})
    void rpc_rejectsInvalidValues_byName(String key, String value) {
        assertThatThrownBy(() -> bind("rpc", RpcSettings.class, Map.of(key, value)))
                .rootCause()
                .hasMessageContaining(key);
    }

    @Test
    void auth_requiresOnlyIssuerAndKeys() {
        assertThat(bind(
                        "auth",
                        AuthSettings.class,
                        Map.of("issuer", "https://issuer", "jwks-url", "https://issuer/keys")))
                .isEqualTo(new AuthSettings(
                        "https://issuer",
                        URI.create("https://issuer/keys"),
                        Duration.ofHours(12),
                        "ncw-relay",
                        null,
                        List.of()));
    }

    @Test
    void auth_withoutIssuerOrKeys_isRejectedByName() {
        assertThatThrownBy(() -> bind("auth", AuthSettings.class, Map.of()))
                .rootCause()
                .hasMessageContaining("RELAY_DELIVERY_AUTH_ISSUER");
        assertThatThrownBy(() -> bind("auth", AuthSettings.class, Map.of("issuer", "https://issuer")))
                .rootCause()
                .hasMessageContaining("RELAY_DELIVERY_AUTH_JWKS_URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailbox.unknown",
                "peer.unknown",
                "feed.unknown",
                "wait.unknown",
                "live.unknown",
                "rpc.unknown",
                "cursor.unknown",
                "auth.unknown",
                "channel.rabbitmq.unknown",
                "channel.fcm.unknown",
                "demo-api.unknown"
            })
    void unknownKeys_areRejected(String key) {
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(
                        DELIVERY + "auth.issuer=https://issuer", DELIVERY + "auth.jwks-url=https://issuer/keys")
                .withPropertyValues(DELIVERY + key + "=1")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(key));
    }

    @EnableConfigurationProperties({
        AuthSettings.class,
        SigningSettings.class,
        FeedSettings.class,
        SubscriptionSettings.class,
        MailboxSettings.class,
        PeerSettings.class,
        WaitSettings.class,
        RpcSettings.class,
        DemoApiSettings.class,
        RabbitMqSettings.class,
        FcmKindSettings.class,
        KafkaKindSettings.class
    })
    static class Bound {}

    private static <T> T bind(String group, Class<T> type, Map<String, String> values) {
        var source = new MapConfigurationPropertySource();
        values.forEach((key, value) -> source.put(DELIVERY + group + "." + key, value));
        return new Binder(source).bindOrCreate(DELIVERY + group, type);
    }
}
