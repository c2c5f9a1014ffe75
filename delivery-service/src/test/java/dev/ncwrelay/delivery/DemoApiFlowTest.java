package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.delivery.RunningDelivery.Reply;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.TestProducer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The further paths of the demo backend, with the requests of Fireblocks' web demo (ncw-web-demo, ApiService.ts) and of its
 * mobile ones.
 */
@Tag("kafka")
class DemoApiFlowTest {

    private final RunningDelivery delivery = RunningDelivery.shared();
    private final String user = "user-" + UUID.randomUUID();
    private final String device = UUID.randomUUID().toString();

    @Test
    void webDemo_signsIn_getsAWallet_andReachesItsCalls() throws Exception {
        // Given
        assertThat(get("/api/devices").text()).isEqualTo("{\"devices\":[]}");
        assertThat(get("/api/wallets").text()).isEqualTo("{\"wallets\":[]}");

        // When
        var login = post("/api/login", "{}");
        var wallet = assign(device);

        // Then
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.json().path("id").isIntegralNumber()).isTrue();
        assertThat(login.json().path("id").asLong()).isPositive();
        assertThat(post("/api/login", "{}").text()).isEqualTo(login.text());
        assertThat(wallet).matches("[0-9a-f-]{36}");
        assertThat(assign(device)).isEqualTo(wallet);
        var listed = get("/api/devices/").json().path("devices");
        assertThat(listed.size()).isEqualTo(1);
        assertThat(listed.path(0).path("deviceId").asString()).isEqualTo(device);
        assertThat(listed.path(0).path("walletId").asString()).isEqualTo(wallet);
        assertThat(listed.path(0).path("createdAt").isIntegralNumber()).isTrue();
        assertThat(get("/api/wallets").text()).isEqualTo("{\"wallets\":[{\"walletId\":\"" + wallet + "\"}]}");
        try (var _ = FakeRpcService.start(delivery.connection(), (rpc, request, _) -> {
            if (request.getDeviceId().equals(device)) {
                rpc.reply(request, RpcOutcome.ANSWERED, 200, "{\"result\":\"" + request.getWalletId() + "\"}");
            }
        })) {
            var answer = post("/api/devices/" + device + "/rpc", "{\"message\":\"{}\"}");
            assertThat(answer.text()).isEqualTo("{\"result\":\"" + wallet + "\"}");
        }
    }

    /** As the Android demo sends it: Retrofit sends no body and no Content-Type. */
    @Test
    void assign_needsNoBody() {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + delivery.port() + "/api/devices/" + device + "/assign"))
                .header("Authorization", "Bearer " + delivery.token(user))
                .POST(BodyPublishers.noBody())
                .build();

        assertThat(delivery.send(request).join().status()).isEqualTo(200);
    }

    @Test
    void concurrentAssignments_getOneWallet() {
        var replies = IntStream.range(0, 8)
                .mapToObj(_ -> delivery.send(
                        delivery.request("POST", "/api/devices/" + device + "/assign", "{}", delivery.token(user))
                                .build()))
                .toList();

        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.join().status()).isEqualTo(200))
                .extracting(reply -> reply.join().text())
                .containsOnly("{\"walletId\":\"" + assign(device) + "\"}");
    }

    @Test
    void furtherDevice_joinsAWalletOfItsUser_andNoOther() {
        // Given
        var wallet = assign(device);
        var further = UUID.randomUUID().toString();

        // When
        var joined = join(further, wallet);

        // Then
        assertThat(joined.text()).isEqualTo("{\"walletId\":\"" + wallet + "\"}");
        assertThat(join(further, wallet).status()).isEqualTo(200);
        assertThat(get("/api/wallets").json().path("wallets").size()).isEqualTo(1);
        assertThat(get("/api/devices").json().path("devices").size()).isEqualTo(2);
        var other = assign(UUID.randomUUID().toString());
        assertProblem(join(further, other), 409, "other-wallet");
        assertProblem(join(UUID.randomUUID().toString(), "no-wallet"), 404, "unknown-wallet");
        assertProblem(post("/api/devices/" + further + "/join", "{}"), 400, "bad-request");
    }

    @Test
    void anotherUser_getsNothing() {
        // Given
        var wallet = assign(device);
        createPassphrase("p-1", "iCloud");
        setBackup(wallet, "p-1");

        // When, then
        var other = new DemoApiFlowTest();
        assertProblem(other.post("/api/devices/" + device + "/assign", "{}"), 403, "foreign-device");
        assertProblem(other.join(device, wallet), 403, "foreign-device");
        assertProblem(other.join(other.device, wallet), 404, "unknown-wallet");
        assertProblem(other.get("/api/wallets/" + wallet + "/backup/latest"), 404, "unknown-wallet");
        assertProblem(other.get("/api/passphrase/p-1"), 404, "unknown-passphrase");
        assertProblem(other.get("/api/devices/" + device + "/accounts"), 403, "foreign-device");
        assertThat(other.get("/api/devices").text()).isEqualTo("{\"devices\":[]}");
        assertThat(other.get("/api/wallets").text()).isEqualTo("{\"wallets\":[]}");
        assertThat(other.get("/api/passphrase").text()).isEqualTo("{\"passphrases\":[]}");
        // The id of a passphrase is the user's own.
        assertThat(other.createPassphrase("p-1", "GoogleDrive").status()).isEqualTo(200);
        assertThat(get("/api/passphrase/p-1").text()).isEqualTo("{\"location\":\"iCloud\"}");
    }

    /** The same key gets the same wallet again, which others have joined meanwhile. */
    @Test
    void newWallet_thatAnotherUserHas_isRefused() throws Exception {
        // Given
        var wallet = assign(device);
        delivery.exchange(
                "PUT",
                "/v1/devices/" + UUID.randomUUID(),
                "{\"walletId\":\"" + wallet + "\",\"userId\":\"another\"}",
                delivery.fireblocks().oidc().token("backend", "devices:write"));
        try (var producer = TestProducer.of(delivery.connection(), "test")) {
            var partition = DevicePartition.of(device, LocalKafka.PARTITIONS);
            producer.send(new ProducerRecord<>(Topics.DEVICES.name(), partition, device, null))
                    .get();
        }

        // When, then
        await().untilAsserted(() -> assertThat(get("/api/devices").text()).isEqualTo("{\"devices\":[]}"));
        assertProblem(post("/api/devices/" + device + "/assign", "{}"), 502, "wallets-failed");
    }

    @Test
    void deviceThatTheBackendRegistered_isAssigned() {
        var registered = delivery.device();

        var assigned = delivery.post("/api/devices/" + registered + "/assign", "{}");

        assertThat(assigned.text()).isEqualTo("{\"walletId\":\"wallet-1\"}");
    }

    @Test
    void deviceThatChangesItsUser_isListedForTheNewOne() {
        // Given
        assign(device);
        var next = new DemoApiFlowTest();

        // When
        var moved = delivery.exchange(
                "PUT",
                "/v1/devices/" + device,
                "{\"walletId\":\"w-1\",\"userId\":\"" + next.user + "\"}",
                delivery.fireblocks().oidc().token("backend", "devices:write"));

        // Then
        assertThat(moved.status()).isEqualTo(200);
        assertThat(get("/api/devices").text()).isEqualTo("{\"devices\":[]}");
        assertThat(next.get("/api/wallets").text()).isEqualTo("{\"wallets\":[{\"walletId\":\"w-1\"}]}");
        assertProblem(post("/api/devices/" + device + "/assign", "{}"), 403, "foreign-device");
    }

    @Test
    void devicesOfAUser_areLimited() {
        IntStream.range(0, 20).forEach(_ -> assign(UUID.randomUUID().toString()));

        assertProblem(post("/api/devices/" + device + "/assign", "{}"), 409, "too-many-devices");
    }

    @Test
    void passphrases_areStored_oldestFirst() {
        // When
        var created = createPassphrase("p-1", "GoogleDrive");
        createPassphrase("p-2", "iCloud");

        // Then
        assertThat(created.text()).isEqualTo("{\"passphraseId\":\"p-1\"}");
        assertThat(get("/api/passphrase/p-1").text()).isEqualTo("{\"location\":\"GoogleDrive\"}");
        var listed = get("/api/passphrase/").json().path("passphrases");
        assertThat(listed.valueStream().map(one -> one.path("passphraseId").asString()))
                .containsExactly("p-1", "p-2");
        assertThat(listed.path(0).path("location").asString()).isEqualTo("GoogleDrive");
        var createdAt = listed.path(0).path("createdAt").asLong();
        assertThat(createdAt).isPositive();
        // The same again writes nothing; another location replaces the former one, and the time stays.
        createPassphrase("p-1", "GoogleDrive");
        createPassphrase("p-1", "iCloud");
        var changed = get("/api/passphrase").json().path("passphrases").path(0);
        assertThat(changed.path("location").asString()).isEqualTo("iCloud");
        assertThat(changed.path("createdAt").asLong()).isEqualTo(createdAt);
        assertThat(keysInKafka()).containsExactly(user + "\0p-1", user + "\0p-2", user + "\0p-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"location\":\"Dropbox\"}", "{\"location\":1}", "[]"})
    void passphrase_withoutAKnownLocation_is400(String body) {
        assertProblem(post("/api/passphrase/p-1", body), 400, "bad-request");
        assertThat(get("/api/passphrase").text()).isEqualTo("{\"passphrases\":[]}");
    }

    @Test
    void passphrasesOfAUser_areLimited() {
        IntStream.range(0, 20).forEach(one -> createPassphrase("p-" + one, "iCloud"));

        assertProblem(createPassphrase("p-20", "iCloud"), 409, "too-many-passphrases");
        assertThat(createPassphrase("p-0", "GoogleDrive").status()).isEqualTo(200);
    }

    @Test
    void latestBackup_hasTheLocationOfItsPassphrase() {
        // Given
        var wallet = assign(device);
        var path = "/api/wallets/" + wallet + "/backup/latest";
        assertProblem(get(path), 404, "no-backup");
        setBackup(wallet, "p-1");
        assertProblem(get(path), 404, "no-backup");

        // When
        createPassphrase("p-1", "GoogleDrive");

        // Then
        assertThat(get(path).text())
                .isEqualTo("{\"passphraseId\":\"p-1\",\"location\":\"GoogleDrive\",\"createdAt\":1700000000000,"
                        + "\"deviceId\":\"" + device + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /accounts",
        "GET, /accounts/",
        "GET, /accounts/0/assets/supported_assets",
        "POST, /accounts/0/assets/BTC_TEST",
        "GET, /nfts/ownership/assets",
        "GET, /web3/connections",
        "DELETE, /web3/connections/s-1",
        "POST, /transactions",
        "POST, /transactions/t-1/cancel"
    })
    void whatARelayDoesNotDo_is501_withAText(String method, String path) {
        assign(device);

        var refused = delivery.exchange(method, "/api/devices/" + device + path, "{}", delivery.token(user));

        assertProblem(refused, 501, "not-relayed");
        assertThat(refused.json().path("error").asString()).contains("not served by the relay");
    }

    @Test
    void pageOfAnAllowedOrigin_maySignIn() {
        var preflight = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + delivery.port() + "/api/login"))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", RunningDelivery.ORIGIN)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .build();

        var reply = delivery.send(preflight).join();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(RunningDelivery.ORIGIN);
    }

    private String assign(String deviceId) {
        var assigned = post("/api/devices/" + deviceId + "/assign", "{}");
        assertThat(assigned.status()).as(assigned.text()).isEqualTo(200);
        return assigned.json().path("walletId").asString();
    }

    private Reply join(String deviceId, String walletId) {
        return post("/api/devices/" + deviceId + "/join", "{\"walletId\":\"" + walletId + "\"}");
    }

    /** The mobile demos send the id in the body too. */
    private Reply createPassphrase(String passphraseId, String location) {
        return post(
                "/api/passphrase/" + passphraseId,
                "{\"passphraseId\":\"" + passphraseId + "\",\"location\":\"" + location + "\"}");
    }

    private void setBackup(String wallet, String passphraseId) {
        var backup = "{\"passphraseId\":\"" + passphraseId + "\",\"createdAt\":1700000000000,\"keys\":[{\"deviceId\":\""
                + device + "\",\"publicKey\":\"02\",\"keyId\":\"k-1\",\"algorithm\":\"MPC_ECDSA_SECP256K1\"}]}";
        var request = HttpRequest.newBuilder(
                        URI.create(delivery.fireblocks().url() + "/simulator/wallets/" + wallet + "/backup/latest"))
                .PUT(BodyPublishers.ofString(backup))
                .build();
        assertThat(delivery.send(request).join().status()).isEqualTo(204);
    }

    private Reply get(String path) {
        return exchange("GET", path, null);
    }

    private Reply post(String path, String body) {
        return exchange("POST", path, body);
    }

    private Reply exchange(String method, String path, @Nullable String body) {
        return delivery.exchange(method, path, body, delivery.token(user));
    }

    /** The keys of this user's records, in the order of the topic. */
    private List<String> keysInKafka() {
        var keys = new ArrayList<String>();
        try (var consumer =
                new KafkaConsumer<String, byte[]>(delivery.connection().shortLivedConsumer("test"))) {
            var partition =
                    new TopicPartition(Topics.PASSPHRASES.name(), DevicePartition.of(user, LocalKafka.PARTITIONS));
            new LogReader(consumer).readAll(List.of(partition), record -> keys.add(record.key()));
        }
        return keys.stream().filter(key -> key.startsWith(user)).toList();
    }

    private static void assertProblem(Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.json().path("type").asString()).isEqualTo("urn:ncw-relay:problem:" + type);
        assertThat(reply.json().path("error").asString()).isNotBlank();
        assertThat(reply.header("Content-Type")).startsWith("application/json");
    }
}
