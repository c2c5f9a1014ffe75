package dev.ncwrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.stack.StackFailedException;
import org.junit.jupiter.api.Test;

class ComposeStackTest {

    @Test
    void requireReady_withoutContainers_namesThePartAndTheRemedy() {
        var ports = Ports.free(1);

        assertThatThrownBy(() -> ComposeStack.requireReady(ports))
                .isInstanceOf(StackFailedException.class)
                .hasMessageContaining("simulator is not ready (http://127.0.0.1:" + ports.simulator())
                .hasMessageContaining("docker compose up --wait");
    }
}
