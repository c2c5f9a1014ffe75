package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo backend's transactions, from webhooks in any order. */
@Tag("kafka")
class TransactionsFlowTest {

    private static final String FILLING = "x".repeat(1_500);

    /** The ring holds only a few events per device, so that ring and mailbox are merged. */
    private final RunningDelivery delivery = RunningDelivery.sharedSmall();

    @Test
    void list_hasTheLatestStateOfEach_inAnyOrderOfEvents() {
        var device = delivery.deviceOf(newWallet());
        update(device, "tx-1", "COMPLETED", 100, 300);
        update(device, "tx-1", "PENDING_SIGNATURE", 100, 200);
        update(device, "tx-2", "SUBMITTED", 150, 150);
        update(device, "tx-2", "BROADCASTING", 150, 160);

        await().untilAsserted(() ->
                assertThat(statuses(device, "?take=10")).containsExactly("tx-1 COMPLETED", "tx-2 BROADCASTING"));
        assertThat(statuses(device, "?orderBy=createdAt&dir=asc"))
                .containsExactly("tx-1 COMPLETED", "tx-2 BROADCASTING");
        assertThat(statuses(device, "?dir=asc")).containsExactly("tx-2 BROADCASTING", "tx-1 COMPLETED");
        assertThat(statuses(device, "?startDate=160")).containsExactly("tx-1 COMPLETED");
        assertThat(statuses(device, "?endDate=300")).containsExactly("tx-2 BROADCASTING");
        assertThat(statuses(device, "?status=BROADCASTING&status=FAILED")).containsExactly("tx-2 BROADCASTING");
        assertThat(statuses(device, "?take=1&skip=1")).containsExactly("tx-2 BROADCASTING");
    }

    @Test
    void list_includesTheMailbox() {
        var device = delivery.deviceOf(newWallet());
        update(device, "old", "COMPLETED", 1, 1_000);
        for (int more = 0; more < 60; more++) {
            update(device, "tx-" + more, "SUBMITTED", more, more);
        }
        update(device, "old", "PENDING_SIGNATURE", 1, 500);

        await().untilAsserted(() ->
                assertThat(statuses(device, "?take=100")).hasSize(61).startsWith("old COMPLETED"));
    }

    /** The iOS demo keeps times as doubles, and sends them in Swift's notation. */
    @ParameterizedTest
    @ValueSource(strings = {"startDate=160.0", "startDate=1.6E2", "startDate=160.9&endDate=300.5", "startDate="})
    void list_acceptsTimesOfTheDemoClients(String query) {
        var device = delivery.deviceOf(newWallet());
        update(device, "tx-1", "COMPLETED", 100, 160);
        update(device, "tx-2", "COMPLETED", 100, 161);
        await().untilAsserted(() -> assertThat(statuses(device, "")).hasSize(2));

        assertThat(statuses(device, "?" + query))
                .isEqualTo(
                        query.equals("startDate=")
                                ? List.of("tx-2 COMPLETED", "tx-1 COMPLETED")
                                : List.of("tx-2 COMPLETED"));
    }

    @Test
    void list_keepsAFinalState_whenAnotherHasTheSameTime() {
        var device = delivery.deviceOf(newWallet());
        update(device, "tx-1", "COMPLETED", 100, 300);
        update(device, "tx-1", "CONFIRMING", 100, 300);
        update(device, "tx-2", "SUBMITTED", 100, 100);

        await().untilAsserted(
                        () -> assertThat(statuses(device, "")).containsExactly("tx-1 COMPLETED", "tx-2 SUBMITTED"));
    }

    @Test
    void item_hasTheMembersOfTheDemoBackend() {
        var device = delivery.deviceOf(newWallet());
        update(device, "tx-1", "COMPLETED", 100, 300);

        var listed = await().until(
                        () -> delivery.get(path(device) + "?details=true"),
                        list -> !list.json().isEmpty());
        assertThat(listed.json().get(0).path("createdAt").asLong()).isEqualTo(100);
        assertThat(listed.json().get(0).path("lastUpdated").asLong()).isEqualTo(300);
        assertThat(listed.json().get(0).at("/details/note").asString()).isEqualTo(FILLING);
        assertThat(delivery.get(path(device)).json().get(0).has("details")).isFalse();

        var single = delivery.get(path(device) + "/tx-1");
        assertThat(single.json().path("status").asString()).isEqualTo("COMPLETED");
        assertThat(single.json().path("lastUpdated").asString()).isEqualTo("1970-01-01T00:00:00.300Z");
        assertThat(single.json().at("/details/id").asString()).isEqualTo("tx-1");
    }

    @Test
    void poll_waitsForANewerState_notAnOlderOne() {
        var device = delivery.deviceOf(newWallet());
        update(device, "tx-1", "COMPLETED", 100, 300);
        await().untilAsserted(() -> assertThat(statuses(device, "")).hasSize(1));
        var waiting = delivery.send(delivery.request(
                        "GET", path(device) + "?poll=true&startDate=300", null, delivery.token(RunningDelivery.USER))
                .build());
        delivery.awaitHeld(1);

        update(device, "tx-1", "CONFIRMING", 100, 250);
        await().during(Duration.ofMillis(300)).until(() -> !waiting.isDone());
        update(device, "tx-2", "PENDING_SIGNATURE", 400, 400);

        assertThat(waiting).succeedsWithin(Duration.ofMinutes(1));
        assertThat(waiting.join().json())
                .singleElement()
                .satisfies(one -> assertThat(one.path("id").asString()).isEqualTo("tx-2"));
    }

    @Test
    void list_withoutPoll_isEmptyAtOnce() {
        assertThat(delivery.get(path(delivery.deviceOf(newWallet())) + "?poll=false")
                        .text())
                .isEqualTo("[]");
    }

    @Test
    void unknownTransaction_is404() {
        var answer = delivery.get(path(delivery.deviceOf(newWallet())) + "/none");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("type").asString()).isEqualTo("urn:ncw-relay:problem:unknown-transaction");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "take=-1",
                "take=x",
                "skip=-1",
                "orderBy=id",
                "dir=up",
                "startDate=x",
                "startDate=-1",
                "startDate=NaN",
                "endDate=Infinity",
                "take=1001",
                "status=DONE",
                "status=COMPLETED&status=completed"
            })
    void invalidQuery_is400(String query) {
        var answer = delivery.get(path(delivery.deviceOf(newWallet())) + "?" + query);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
    }

    @Test
    void poll_returnsALateUpdate_unlessANewerStateIsKnown() {
        // Given
        var device = delivery.deviceOf(newWallet());
        update(device, "tx-1", "SUBMITTED", 100, 200);
        update(device, "tx-2", "COMPLETED", 100, 250);
        await().untilAsserted(() -> assertThat(statuses(device, "")).hasSize(2));
        var waiting = delivery.send(delivery.request(
                        "GET", path(device) + "?poll=true&startDate=1000", null, delivery.token(RunningDelivery.USER))
                .build());
        delivery.awaitHeld(1);

        // When
        update(device, "tx-2", "CONFIRMING", 100, 240);
        update(device, "tx-1", "BROADCASTING", 100, 300);

        // Then
        assertThat(waiting).succeedsWithin(Duration.ofMinutes(1));
        assertThat(waiting.join().json())
                .singleElement()
                .satisfies(one -> assertThat(one.path("status").asString()).isEqualTo("BROADCASTING"));
    }

    @Test
    void deviceThatJoinsAWallet_seesItsTransactions_withTheSameUserOnly() {
        // Given
        var wallet = newWallet();
        var first = delivery.deviceOf(wallet);
        update(first, "tx-1", "COMPLETED", 100, 300);
        await().untilAsserted(() -> assertThat(statuses(first, "")).hasSize(1));

        // When
        var second = delivery.deviceOf(wallet);

        // Then
        assertThat(statuses(second, "")).containsExactly("tx-1 COMPLETED");
        assertThat(delivery.get(path(second) + "/tx-1").status()).isEqualTo(200);
        update(second, "tx-1", "CONFIRMING", 100, 200);
        update(second, "tx-2", "SUBMITTED", 100, 400);
        await().untilAsserted(
                        () -> assertThat(statuses(second, "")).containsExactly("tx-2 SUBMITTED", "tx-1 COMPLETED"));
    }

    @Test
    void details_areTheBytesOfTheWebhook() {
        var device = delivery.deviceOf(newWallet());
        var data = "{\"id\":\"tx-1\", \"status\":\"COMPLETED\",\"createdAt\":1,\"lastUpdated\":2,"
                + "\"amount\":0.1234567890123456789012345678901234567890,\"fee\":1E+2,\"note\":\"\\u00fc\"}";
        delivery.publish(device, UUID.randomUUID().toString(), data);

        var listed = await().until(
                        () -> delivery.get(path(device) + "?details=true"),
                        list -> list.text().contains("tx-1"));

        assertThat(listed.text()).contains("\"details\":" + data);
        assertThat(delivery.get(path(device) + "/tx-1").text()).contains("\"details\":" + data);
    }

    @Test
    void walletStatus_withATransaction_updatesTheList() {
        var device = delivery.deviceOf(newWallet());
        update(device, "tx-1", "SUBMITTED", 100, 200);
        var type = "embedded_wallet.status.updated";
        delivery.publish(device, "status-1", type, null, "{\"id\":\"wallet\",\"status\":\"ENABLED\"}");
        delivery.publish(
                device,
                "status-2",
                type,
                null,
                "{\"id\":\"tx-1\",\"status\":\"COMPLETED\",\"source\":{},\"createdAt\":100,\"lastUpdated\":300}");

        await().untilAsserted(() -> assertThat(statuses(device, "")).containsExactly("tx-1 COMPLETED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/?dir=&orderBy=", "?status=&take=&skip=", "?orderBy=createdAt&dir=ASC"})
    void query_isReadAsByTheDemoBackend(String query) {
        var device = delivery.deviceOf(newWallet());

        assertThat(delivery.get(path(device) + query).text()).isEqualTo("[]");
    }

    private static String newWallet() {
        return "wallet-" + UUID.randomUUID();
    }

    private List<String> statuses(String device, String query) {
        var answer = await().until(() -> delivery.get(path(device) + query), one -> one.status() != 503);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json()
                .valueStream()
                .map(one -> one.path("id").asString() + " " + one.path("status").asString())
                .toList();
    }

    private static String path(String device) {
        return "/api/devices/" + device + "/transactions";
    }

    private void update(String device, String id, String status, long createdAt, long lastUpdated) {
        delivery.publish(
                device,
                UUID.randomUUID().toString(),
                "{\"id\":\"" + id + "\",\"status\":\"" + status + "\",\"createdAt\":" + createdAt + ",\"lastUpdated\":"
                        + lastUpdated + ",\"note\":\"" + FILLING + "\"}");
    }
}
