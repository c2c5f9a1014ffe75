package dev.ncwrelay.testkit.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page without a relay behind it. With one, {@code PlaygroundIT} opens it in a browser. */
final class PlaygroundTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<URI> NODES =
            List.of(URI.create("http://127.0.0.1:8080"), URI.create("http://127.0.0.1:8202"));
    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"(/playground/[^\"]+)\"");

    private final Playground playground = new Playground(new PlaygroundSettings(NODES, Optional.empty()));
    private final FakeFireblocks fireblocks =
            FakeFireblocks.settings().routes(playground::routes).start();

    @AfterEach
    void stop() {
        playground.close();
        fireblocks.close();
    }

    @Test
    void page_mayReachTheRelayAndNothingElse() throws Exception {
        var page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("connect-src 'self' http://127.0.0.1:8080 ws://127.0.0.1:8080"
                        + " http://127.0.0.1:8202 ws://127.0.0.1:8202;");
    }

    @Test
    void files_ofThePageAreServed() throws Exception {
        var files = FILE.matcher(get("/").body())
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(files).hasSize(2);
        for (var file : files) {
            assertThat(get(file).statusCode()).as(file).isEqualTo(200);
        }
    }

    @Test
    void settings_haveTheCatalogue() throws Exception {
        var settings = json(get("/playground/settings"));

        assertThat(settings.at("/delivery").valueStream().map(JsonNode::asString))
                .containsExactly("http://127.0.0.1:8080", "http://127.0.0.1:8202");
        assertThat(settings.at("/kafka").asBoolean()).isFalse();
        assertThat(settings.at("/v1").toString()).contains("NCW_DEVICE_MESSAGE", "TRANSACTION_CREATED");
        assertThat(settings.at("/v2").toString()).contains("transaction.status.updated");
    }

    @Test
    void calls_areInTheJournal_withoutTheirPayload_fromTheFirstVisitOn() throws Exception {
        var client = new InvokeClient(fireblocks.url(), fireblocks.apiUser());
        client.call("w-1", "d-1", "{\"method\":\"before\"}");
        get("/playground/settings");

        client.call("w-1", "d-1", "{\"method\":\"ping\"}");

        var journal = json(get("/playground/journal?after=0"));
        assertThat(journal.at("/entries").size()).isOne();
        assertThat(journal.at("/entries/0/kind").asString()).isEqualTo("call");
        assertThat(journal.at("/entries/0/method").asString()).isEqualTo("ping");
        assertThat(journal.at("/entries/0/payloadSha256").asString()).hasSize(64);
        assertThat(journal.toString()).doesNotContain("{\\\"method");
    }

    @Test
    void numberThatIsNone_isAnsweredWithAProblem() throws Exception {
        assertThat(get("/playground/journal?after=x").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(fireblocks.url() + path)).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
