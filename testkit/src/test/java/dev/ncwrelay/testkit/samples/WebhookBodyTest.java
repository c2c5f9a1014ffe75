package dev.ncwrelay.testkit.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WebhookBodyTest {

    @Test
    void from_changesNothing() {
        assertThat(Samples.webhooks())
                .allSatisfy(sample -> assertThat(sample.change().bytes()).isEqualTo(sample.bytes()));
    }

    @Test
    void v2_hasAnIdOfItsOwnAndTheSamplesContent() {
        var first = json(WebhookBody.v2("embedded_wallet.device.added").deviceId("d-2"));
        var second = json(WebhookBody.v2("embedded_wallet.device.added"));

        assertThat(first.at("/id")).isNotEqualTo(second.at("/id"));
        assertThat(first.at("/eventType").asString()).isEqualTo("embedded_wallet.device.added");
        assertThat(first.at("/data/deviceId").asString()).isEqualTo("d-2");
        assertThat(first.at("/data/walletId")).isEqualTo(second.at("/data/walletId"));
    }

    @Test
    void v2_ofATypeWithoutSampleHasEmptyData() {
        var body = json(WebhookBody.v2("ticket.created"));

        assertThat(body.at("/eventType").asString()).isEqualTo("ticket.created");
        assertThat(body.at("/data").isEmpty()).isTrue();
    }

    @Test
    void v2_takesTheDocumentedSampleWhereThatIsTheOnlyOne() {
        var body = json(WebhookBody.v2("vault_account.asset.added"));

        assertThat(body.at("/data/accountName").asString()).isEqualTo("test6");
    }

    @Test
    void transaction_hasItsWalletsWhereFireblocksHasThem() {
        var body = json(WebhookBody.v2("transaction.created")
                .transactionId("tx-1")
                .status("COMPLETED")
                .source("w-1")
                .destination("w-2")
                .destinations(List.of("w-3", "w-4")));

        assertThat(body.at("/eventType").asString()).isEqualTo("transaction.created");
        assertThat(body.at("/resourceId").asString()).isEqualTo("tx-1");
        assertThat(body.at("/data/id").asString()).isEqualTo("tx-1");
        assertThat(body.at("/data/status").asString()).isEqualTo("COMPLETED");
        assertThat(body.at("/data/source/type").asString()).isEqualTo("END_USER_WALLET");
        assertThat(body.at("/data/source/walletId").asString()).isEqualTo("w-1");
        assertThat(body.at("/data/destination/walletId").asString()).isEqualTo("w-2");
        assertThat(body.at("/data/destinations/0/destination/walletId").asString())
                .isEqualTo("w-3");
        assertThat(body.at("/data/destinations/1/destination/walletId").asString())
                .isEqualTo("w-4");
    }

    @Test
    void sourceOutside_hasNoWallet() {
        var body = json(WebhookBody.v1("TRANSACTION_STATUS_UPDATED").sourceOutside());

        assertThat(body.at("/type").asString()).isEqualTo("TRANSACTION_STATUS_UPDATED");
        assertThat(body.at("/data/source").has("walletId")).isFalse();
    }

    @Test
    void createdAt_setsTheEnvelopeOfEitherVersion() {
        var time = Instant.ofEpochMilli(1_700_000_000_123L);

        assertThat(json(WebhookBody.v2("transaction.created").createdAt(time))
                        .at("/createdAt")
                        .asLong())
                .isEqualTo(1_700_000_000_123L);
        assertThat(json(WebhookBody.v1("NCW_CREATED").createdAt(time))
                        .at("/timestamp")
                        .asLong())
                .isEqualTo(1_700_000_000_123L);
    }

    @ParameterizedTest
    @EnumSource
    void deviceMessage_hasIdsAndContentOfItsForm(DeviceMessageForm form) {
        var body = json(WebhookBody.deviceMessage(form)
                .walletId("w-1")
                .deviceId("d-1")
                .physicalDeviceId("p-1")
                .content("{\"x\":\"é\"}"));

        var ids = form == DeviceMessageForm.NESTED ? body.at("/data") : body;
        var content = switch (form) {
            case TOP_LEVEL -> body.at("/data");
            case DOCUMENTED -> body.at("/message");
            case NESTED -> body.at("/data/data");
        };
        assertThat(ids.at("/walletId").asString()).isEqualTo("w-1");
        assertThat(ids.at("/deviceId").asString()).isEqualTo("d-1");
        assertThat(ids.at("/physicalDeviceId").asString()).isEqualTo("p-1");
        assertThat(content.at("/x").asString()).isEqualTo("é");
    }

    @ParameterizedTest
    @EnumSource
    void without_removesTheMember(DeviceMessageForm form) {
        var body = WebhookBody.deviceMessage(form).without("physicalDeviceId");

        assertThat(new String(body.bytes(), StandardCharsets.UTF_8)).doesNotContain("physicalDeviceId");
    }

    private static JsonNode json(WebhookBody body) {
        return JsonMapper.shared().readTree(body.bytes());
    }
}
