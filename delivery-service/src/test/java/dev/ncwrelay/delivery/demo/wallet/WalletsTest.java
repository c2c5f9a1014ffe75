package dev.ncwrelay.delivery.demo.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.http.TimerDelay;
import dev.ncwrelay.testkit.net.FreePort;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalletsTest {

    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final TimerDelay timer = new TimerDelay("wallets-test");
    private final LocalServer server = LocalServer.bind(0, new Interruptions(), timer);
    private final Wallets wallets = new Wallets(URI.create(server.url() + "/wallets"));
    private Answer answer = Answer.json(201, List.of());

    @BeforeEach
    void serve() {
        server.serve(
                List.of(
                        Route.of("POST", "/wallets", this::respond),
                        Route.of("GET", "/wallets/{walletId}/backup/latest", this::respond)),
                _ -> Answer.json(500, List.of()));
    }

    @AfterEach
    void stop() {
        server.close();
        timer.close();
    }

    private Answer respond(Received request) {
        received.add(request);
        return answer;
    }

    @Test
    void create_asksAsFireblocksSdkDoes_withTheKey() {
        answer = json(201, "{\"walletId\":\"w-1\",\"enabled\":true}");

        assertThat(wallets.create("key-1").join()).isEqualTo(new WalletAnswer.Found<>("w-1"));
        var request = received.remove();
        assertThat(request.body().utf8()).isEqualTo("{}");
        assertThat(request.header("Content-Type")).contains("application/json");
        assertThat(request.header("Idempotency-Key")).contains("key-1");
    }

    @Test
    void latestBackup_isThatOfItsWallet() {
        answer = json(200, "{\"passphraseId\":\"p-1\",\"createdAt\":7,\"keys\":[{\"deviceId\":\"d-1\"},{}]}");

        assertThat(wallets.latestBackup("w:1").join())
                .isEqualTo(new WalletAnswer.Found<>(new WalletBackup("p-1", 7, "d-1")));
        assertThat(received.remove().variable("walletId")).isEqualTo("w:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"passphraseId\":\"p-1\",\"createdAt\":7,\"keys\":[]}",
                "200 | {\"passphraseId\":\"p-1\",\"createdAt\":\"7\",\"keys\":[{\"deviceId\":\"d-1\"}]}",
                "200 | {\"passphraseId\":null,\"createdAt\":7,\"keys\":[{\"deviceId\":\"d-1\"}]}",
                "200 | []",
                "200 | not JSON",
                "302 | {}",
                "401 | {}",
                "500 | {}"
            })
    void unusableBackup_isAFailure(int status, String body) {
        answer = json(status, body);

        assertThat(wallets.latestBackup("w-1").join()).isInstanceOf(WalletAnswer.Failed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"walletId\":\"\"}", "{\"walletId\":\"a/b\"}", "{\"walletId\":7}", "{}", "null"})
    void unusableWallet_isAFailure(String body) {
        answer = json(201, body);

        assertThat(wallets.create("key").join()).isInstanceOf(WalletAnswer.Failed.class);
    }

    @Test
    void walletWithoutABackup_isMissing_andAnAddressWithoutWalletsAFailure() {
        answer = json(404, "{}");

        assertThat(wallets.latestBackup("w-1").join()).isEqualTo(new WalletAnswer.Missing<>());
        assertThat(wallets.create("key").join()).isEqualTo(new WalletAnswer.Failed<>("status 404"));
    }

    @Test
    void answerThatIsTooLarge_orCut_isAFailure() {
        answer = json(201, "{\"walletId\":\"" + "x".repeat(100_000) + "\"}");
        assertThat(wallets.create("key").join()).isInstanceOf(WalletAnswer.Failed.class);

        answer = json(201, "{\"walletId\":\"w-1\"}").truncatedAfter(3, Abort.CLOSE);
        assertThat(wallets.create("key").join()).isInstanceOf(WalletAnswer.Failed.class);
    }

    @Test
    void addressThatDoesNotAnswer_isAFailure_withoutTheAddress() {
        var url = URI.create("http://127.0.0.1:" + FreePort.next() + "/secret");

        assertThat(new Wallets(url).create("key").join())
                .isInstanceOfSatisfying(
                        WalletAnswer.Failed.class,
                        failed -> assertThat(failed.cause())
                                .startsWith("no answer")
                                .doesNotContain("secret"));
    }

    @Test
    void requests_areLimited_andEachFreesItsPlace() {
        // Given
        answer = json(201, "{\"walletId\":\"w-1\"}").heldFor(Duration.ofSeconds(2));

        // When
        var all = new ArrayList<CompletableFuture<WalletAnswer<String>>>();
        IntStream.range(0, 65).forEach(one -> all.add(wallets.create("key-" + one)));

        // Then
        assertThat(all.getLast().join()).isEqualTo(new WalletAnswer.Busy<>());
        assertThat(all.subList(0, 64))
                .allSatisfy(one -> assertThat(one.join()).isNotInstanceOf(WalletAnswer.Busy.class));
        answer = json(201, "{\"walletId\":\"w-2\"}");
        assertThat(wallets.create("key").join()).isEqualTo(new WalletAnswer.Found<>("w-2"));
    }

    @Test
    void withoutAnAddress_nothingIsAsked() {
        assertThat(new Wallets(null).create("key").join()).isEqualTo(new WalletAnswer.NotConfigured<>());
        assertThat(new Wallets(null).latestBackup("w-1").join()).isEqualTo(new WalletAnswer.NotConfigured<>());
    }

    private static Answer.Reply json(int status, String body) {
        return Answer.reply(status, "application/json", Bytes.utf8(body));
    }
}
