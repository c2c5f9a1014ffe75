package dev.ncwrelay.ingress.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The committed API description matches the code: paths, problems and limits. */
class OpenApiTest {

    private final ApiDescription description = ApiDescription.read();

    @Test
    void description_hasThePathsOfTheHandler() {
        assertThat(description.paths()).containsExactlyInAnyOrderElementsOf(WebhookHandler.PATHS);
    }

    @Test
    void description_hasEachProblemOfAWebhookByStatus() {
        var expected = Arrays.stream(Problem.values())
                .filter(problem -> problem != Problem.NOT_FOUND && problem != Problem.METHOD)
                .collect(
                        Collectors.groupingBy(Problem::status, Collectors.mapping(Problem::type, Collectors.toList())));

        for (var path : WebhookHandler.PATHS) {
            assertThat(description.problems(path)).containsAllEntriesOf(expected);
            assertThat(description.problemExamples(path))
                    .allSatisfy((example, status) ->
                            assertThat(example.path("status").asInt()).isEqualTo(status));
        }
    }

    @Test
    void description_hasTheTitlesOfProblems() {
        var examples = description.problemExamples("/webhooks/fireblocks").keySet().stream()
                .collect(Collectors.toMap(
                        example -> example.path("type").asString(),
                        example -> example.path("title").asString()));

        for (var problem : Problem.values()) {
            var title = examples.get(problem.type());
            if (title != null) {
                assertThat(new String(problem.body("detail"), UTF_8)).contains("\"title\":\"" + title + "\"");
            }
        }
    }

    @Test
    void description_hasTheDefaultLimits() {
        var http = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("relay.ingress", IngressSettings.class)
                .http();

        assertThat(description.text())
                .contains("At most " + http.maxBody().toBytes() + " bytes (relay.ingress.http.max-body)")
                .contains(http.minRate().toBytes() + " bytes a second (relay.ingress.http.min-rate)")
                .contains("on average over " + http.rateWindow().toSeconds() + " seconds")
                .contains("after " + http.forgedDelay().toSeconds() + " seconds (relay.ingress.http.forged-delay)");
    }
}
