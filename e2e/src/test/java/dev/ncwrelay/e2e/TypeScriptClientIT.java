package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The TypeScript client keeps its delivery contract at the real stack, over each transport: clients/typescript/test/relay.test.ts. */
@Tag("brokers")
class TypeScriptClientIT {

    private final RunningStack stack = RunningStack.get();

    @BeforeAll
    static void build() throws Exception {
        JavaScript.buildClient();
    }

    @Test
    void contract_isKeptOverEachTransport() throws Exception {
        var relay = Map.of(
                "RELAY_URL", stack.delivery().toString(),
                "RELAY_SIMULATOR", stack.fireblocks().url().toString());

        var run = JavaScript.CLIENT.run(relay, "node", "scripts/test.mjs", "relay.test");

        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).contains("skipped 0").doesNotContain("pass 0");
    }
}
