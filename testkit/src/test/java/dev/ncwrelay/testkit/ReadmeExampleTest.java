package dev.ncwrelay.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.invoke.InvokeClient;
import dev.ncwrelay.testkit.samples.WebhookBody;
import dev.ncwrelay.testkit.webhook.RetrySchedule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs what the README shows, and holds that it shows what runs. */
final class ReadmeExampleTest {

    // tag::invoke[]
    @Test
    void invoke_answersAsTheTestWants() throws Exception {
        try (var fireblocks = FakeFireblocks.start()) {
            fireblocks
                    .invoke()
                    .onMethod("poll_mpc_msg", _ -> InvokeAnswer.result("late").heldFor(Duration.ofSeconds(20)));
            fireblocks.invoke().answerNext(InvokeAnswer.error("Unexpected physicalDeviceId", -1));

            var client = new InvokeClient(fireblocks.url(), fireblocks.apiUser());
            var response = client.call("wallet-1", "device-1", "{\"method\":\"ping\"}");

            assertThat(new String(response.body(), UTF_8)).contains("Unexpected physicalDeviceId");
            assertThat(fireblocks.invoke().callsOf("device-1").getFirst().payload())
                    .isEqualTo("{\"method\":\"ping\"}");
        }
    }
    // end::invoke[]

    // tag::webhook[]
    @Test
    void webhook_withoutAnAnswer_isRepeated() {
        try (var fireblocks = FakeFireblocks.start()) {
            var body = WebhookBody.v2("transaction.status.updated")
                    .source("wallet-1")
                    .status("PENDING_SIGNATURE");

            var delivery = fireblocks
                    .webhooks()
                    .to(URI.create("http://127.0.0.1:1/not-listening"))
                    .retrying(RetrySchedule.v2().scaledBy(0.00001))
                    .send(body.bytes())
                    .join();

            assertThat(delivery.completed()).isFalse();
            assertThat(delivery.attempts()).hasSize(10);
        }
    }
    // end::webhook[]

    @Test
    void readme_showsTheseTests() throws Exception {
        var readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains(tagged("invoke"), tagged("webhook"));
    }

    private static String tagged(String tag) throws Exception {
        var source = Files.readString(Path.of("src/test/java/dev/ncwrelay/testkit/ReadmeExampleTest.java"));
        var from = source.indexOf("// tag::" + tag + "[]\n") + ("// tag::" + tag + "[]\n").length();
        var to = source.indexOf("    // end::" + tag + "[]");
        return source.substring(from, to).stripTrailing().stripIndent();
    }
}
