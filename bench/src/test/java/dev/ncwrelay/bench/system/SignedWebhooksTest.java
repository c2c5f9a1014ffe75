package dev.ncwrelay.bench.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SignedWebhooksTest {

    @Test
    void webhook_isCreatedNow_andKnownByItsId() {
        var before = Instant.now();
        try (var fireblocks = FakeFireblocks.start()) {
            var device = new Device("d-1", "w-1", "");
            var screen = new Screen(new PrintWriter(Writer.nullWriter()));

            var webhooks = new SignedWebhooks(fireblocks, List.of(device), 3, screen);

            var body = JsonMapper.shared().readTree(webhooks.body(2));
            assertThat(body.path("createdAt").asLong())
                    .isBetween(before.toEpochMilli(), Instant.now().toEpochMilli());
            assertThat(webhooks.indexOf(body.path("id").asString())).hasValue(2);
        }
    }
}
