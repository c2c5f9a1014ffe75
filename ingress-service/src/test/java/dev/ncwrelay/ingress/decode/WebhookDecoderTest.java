package dev.ncwrelay.ingress.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.ingress.decode.DecodedWebhook.DeviceMessage;
import dev.ncwrelay.ingress.decode.DecodedWebhook.Unreadable;
import dev.ncwrelay.ingress.decode.DecodedWebhook.WalletEvent;
import dev.ncwrelay.ingress.decode.DecodedWebhook.WorkspaceNotice;
import dev.ncwrelay.ingress.verify.Verified;
import dev.ncwrelay.testkit.samples.DeviceMessageForm;
import dev.ncwrelay.testkit.samples.Sample;
import dev.ncwrelay.testkit.samples.Samples;
import dev.ncwrelay.testkit.samples.WebhookBody;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookDecoderTest {

    private static final Instant RECEIVED = Instant.parse("2026-01-01T00:00:00Z");
    private static final String WALLET = "0f3a5a52-6f3b-4d0c-9d0e-5f6f1b0f6a11";
    private static final String DEVICE = "f16e05e0-1869-4a6b-9678-17a1c14ed482";

    private final WebhookDecoder decoder = new WebhookDecoder();

    static Stream<Sample> webhooks() {
        return Samples.webhooks().stream();
    }

    @ParameterizedTest
    @MethodSource("webhooks")
    void decode_ofEveryDocumentedWebhook_succeeds(Sample sample) {
        var webhook = decode(sample.bytes());

        assertThat(meta(webhook).type()).isEqualTo(sample.eventType());
        if (sample.eventType().equals("NCW_DEVICE_MESSAGE")) {
            assertThat(webhook)
                    .isInstanceOfSatisfying(
                            DeviceMessage.class,
                            message -> assertThat(message.deviceId()).isEqualTo(DEVICE));
        } else if (sample.text().contains("\"walletId\"")) {
            assertThat(webhook)
                    .isInstanceOfSatisfying(
                            WalletEvent.class,
                            event -> assertThat(event.walletIds()).containsExactly(WALLET));
        } else {
            assertThat(webhook)
                    .isInstanceOfSatisfying(
                            WorkspaceNotice.class,
                            notice -> assertThat(notice.body()).isEqualTo(ByteBuffer.wrap(sample.bytes())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void decode_acceptsAllLayoutsOfDeviceMessages(DeviceMessageForm form) {
        var body = WebhookBody.deviceMessage(form)
                .deviceId("d1")
                .walletId("w1")
                .physicalDeviceId("p1")
                .content("{\"any\":[1,2]}");

        assertThat(decode(body.bytes())).isInstanceOfSatisfying(DeviceMessage.class, message -> {
            assertThat(message.deviceId()).isEqualTo("d1");
            assertThat(message.walletId()).isEqualTo("w1");
            assertThat(message.physicalDeviceId()).isEqualTo("p1");
            assertThat(text(message.data())).isEqualTo("{\"any\":[1,2]}");
        });
        assertThat(decode(body.without("physicalDeviceId").bytes()))
                .isInstanceOfSatisfying(
                        DeviceMessage.class,
                        message -> assertThat(message.physicalDeviceId()).isNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"a\" : 1e-05,\n\t\"b\":\"\\u00e9 é 😀 \\\"}\" }",
                "\"text with } and \\\\\"",
                "[1, [2, {\"data\": 3}]]",
                "-12.50E+3",
                "true",
                "null",
                "{}",
            })
    void decode_copiesTheDataByteForByte(String data) {
        var inside = "{\"other\":{\"data\":0},\"type\":\"NCW_DEVICE_MESSAGE\",\"deviceId\":\"dé\",\"data\": " + data
                + " ,\"more\":1}";
        var atTheEnd = "{\"type\":\"NCW_DEVICE_MESSAGE\",\"deviceId\":\"dé\",\"data\":" + data + "}";
        var nested = "{\"data\":{\"more\":{\"data\":0},\"deviceId\":\"dé\",\"data\":" + data
                + "\n},\"type\":\"NCW_DEVICE_MESSAGE\"}";

        for (var body : List.of(inside, atTheEnd, nested)) {
            assertThat(decode(body))
                    .isInstanceOfSatisfying(
                            DeviceMessage.class,
                            message -> assertThat(text(message.data())).isEqualTo(data));
        }
    }

    @Test
    void decode_findsSourceAndDestinationWallets() {
        var body = WebhookBody.v2("transaction.created")
                .source("w1")
                .destination("w2")
                .destinations(List.of("w3", "w1", "w4"));

        assertThat(decode(body.bytes()))
                .isInstanceOfSatisfying(
                        WalletEvent.class,
                        event -> assertThat(event.walletIds()).isEqualTo(Set.of("w1", "w2", "w3", "w4")));
    }

    @Test
    void decode_ignoresVaults() {
        var body = "{\"eventType\":\"transaction.created\",\"id\":\"e\",\"data\":{"
                + "\"source\":{\"type\":\"VAULT_ACCOUNT\",\"walletId\":\"w1\"},\"destination\":7}}";

        assertThat(decode(body)).isInstanceOf(WorkspaceNotice.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded_wallet.device.added", "NCW_ADD_DEVICE_SETUP_REQUESTED"})
    void decode_findsTheRequestingDevice(String type) {
        var body = type.startsWith("NCW") ? WebhookBody.v1(type) : WebhookBody.v2(type);

        assertThat(decode(body.bytes()))
                .isInstanceOfSatisfying(
                        WalletEvent.class,
                        event -> assertThat(event.requestingDeviceId()).isEqualTo(DEVICE));
        assertThat(decode(WebhookBody.v2("embedded_wallet.created").bytes()))
                .isInstanceOfSatisfying(
                        WalletEvent.class,
                        event -> assertThat(event.requestingDeviceId()).isNull());
    }

    @ParameterizedTest
    @CsvSource({
        "embedded_wallet.account_created, '{\"walletId\":\"w1\"}'",
        "embedded_wallet.status.updated, '{\"walletId\":\"w1\",\"enabled\":false}'",
        "embedded_wallet.status.updated, '{\"source\":{\"type\":\"END_USER_WALLET\",\"walletId\":\"w1\"}}'",
        "embedded_wallet.yet.unheard.of, '{\"walletId\":\"w1\",\"new\":{}}'",
    })
    void decode_acceptsUnknownWalletEvents(String type, String data) {
        var body = "{\"id\":\"e1\",\"eventType\":\"" + type + "\",\"eventVersion\":1,\"data\":" + data + "}";

        assertThat(decode(body))
                .isInstanceOfSatisfying(
                        WalletEvent.class,
                        event -> assertThat(event.walletIds()).containsExactly("w1"));
    }

    @Test
    void decode_ofUnknownTypes_isAWorkspaceNoticeWithTheWholeBody() {
        var body = "{\"id\":\"e1\", \"eventType\":\"vault_account.created\",\"resourceId\":\"r1\"}";

        assertThat(decode(body)).isInstanceOfSatisfying(WorkspaceNotice.class, notice -> {
            assertThat(text(notice.body())).isEqualTo(body);
            assertThat(notice.meta().resourceId()).isEqualTo("r1");
        });
    }

    @Test
    void meta_isTheEnvelopeOfVersion2() {
        var meta =
                meta(decode("{\"id\":\"e1\",\"eventType\":\"t\",\"workspaceId\":\"ws\",\"createdAt\":1754229343763}"));

        assertThat(meta)
                .isEqualTo(
                        new EventMetadata("e1", "t", "ws", null, Instant.parse("2025-08-03T13:55:43.763Z"), RECEIVED));
    }

    @Test
    void meta_isTheEnvelopeOfVersion1WithTheHashOfTheBodyAsId() {
        // The hash is sha256sum's.
        var meta = meta(decode("{\"type\":\"t\",\"tenantId\":\"ws\",\"timestamp\":1706191134000,\"id\":\"no\"}"));

        assertThat(meta)
                .isEqualTo(new EventMetadata(
                        "96f242f5727367284c1eaf5361ed47c88b2bf879a4fa8830c96c71f7477953f0",
                        "t",
                        "ws",
                        null,
                        Instant.parse("2024-01-25T13:58:54Z"),
                        RECEIVED));
        assertThat(meta(decode("{\"eventType\":\"t\"}")).eventId())
                .isEqualTo("b53de80b62c189bd799a1e3d29bbedcc3cf3f3aa53ededa33bf0dd39faae3f56");
    }

    @ParameterizedTest
    @CsvSource({
        "1754229343763, 2025-08-03T13:55:43.763Z",
        "1754229343, 2025-08-03T13:55:43Z",
        "0, 2026-01-01T00:00:00Z",
        "-5, 2026-01-01T00:00:00Z",
        "1e12, 2026-01-01T00:00:00Z",
        "99999999999999999999, 2026-01-01T00:00:00Z",
        "\"soon\", 2026-01-01T00:00:00Z",
    })
    void createdAt_acceptsSecondsAndDefaultsToTheTimeOfReceipt(String createdAt, Instant expected) {
        var body = "{\"id\":\"e\",\"eventType\":\"t\",\"createdAt\":" + createdAt + "}";

        assertThat(meta(decode(body)).createdAt()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{\"eventType\":7}",
                "{\"eventType\":\"t\"} {}",
                "{\"eventType\":\"t\",\"eventType\":\"u\"}",
                "{\"eventType\":\"t\",\"data\":{\"walletId\":\"a\",\"walletId\":\"b\"}}",
                "{\"type\":\"NCW_DEVICE_MESSAGE\",\"data\":{}}",
                "{\"type\":\"NCW_DEVICE_MESSAGE\",\"deviceId\":\"d\"}",
                "{\"type\":\"NCW_DEVICE_MESSAGE\",\"deviceId\":7,\"data\":{}}",
            })
    void decode_ofAnInvalidBody_hasTheReason(String body) {
        assertThat(decode(body))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.reason()).isNotBlank());
    }

    @Test
    void decode_readsNothingButUtf8() {
        var body = "{\"eventType\":\"embedded_wallet.created\",\"data\":{\"walletId\":\"é\"}}";
        for (Charset charset : List.of(ISO_8859_1, UTF_16BE)) {
            assertThat(decode(body.getBytes(charset))).as(charset.name()).isInstanceOf(Unreadable.class);
        }
        // All of this is valid UTF-8, and UTF-16 as well.
        for (Charset charset : List.of(UTF_16BE, UTF_16LE, UTF_16)) {
            assertThat(decode(body.replace('é', 'e').getBytes(charset)))
                    .as(charset.name())
                    .isInstanceOf(Unreadable.class);
        }
    }

    /** JSON on the wire has none (RFC 8259 section 8.1), and a device must not get one in its data. */
    @Test
    void decode_rejectsAByteOrderMark() {
        assertThat(decode("\uFEFF{\"eventType\":\"t\"}")).isInstanceOf(Unreadable.class);
    }

    @Test
    void decode_ofAnInvalidBody_doesNotQuoteIt() {
        assertThat(decode("{\"eventType\":\"t\",\"data\":secret}"))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.reason()).doesNotContain("secret"));
    }

    @Test
    void decode_ofDeepNesting_isUnreadable() {
        assertThat(decode("{\"eventType\":\"t\",\"data\":" + "[".repeat(100_000)))
                .isInstanceOf(Unreadable.class);
    }

    private DecodedWebhook decode(String body) {
        return decode(body.getBytes(UTF_8));
    }

    private DecodedWebhook decode(byte[] body) {
        return decoder.decode(Verified.body(body, RECEIVED));
    }

    private static EventMetadata meta(DecodedWebhook webhook) {
        return switch (webhook) {
            case DeviceMessage message -> message.meta();
            case WalletEvent event -> event.meta();
            case WorkspaceNotice notice -> notice.meta();
            case Unreadable unreadable -> throw new AssertionError(unreadable.reason());
        };
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes.duplicate()).toString();
    }
}
