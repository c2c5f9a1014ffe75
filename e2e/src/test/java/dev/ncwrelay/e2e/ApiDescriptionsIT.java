package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The descriptions of the APIs are what such descriptions ought to be. */
class ApiDescriptionsIT {

    @BeforeAll
    static void install() throws Exception {
        JavaScript.JS.install();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"delivery-service/openapi.yaml", "delivery-service/asyncapi.yaml", "ingress-service/openapi.yaml"
            })
    void description_hasNoFault(String file) throws InterruptedException {
        var lint = JavaScript.JS.run(
                "npx", "spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "warn", "../../" + file);

        assertThat(lint.exitCode()).as(lint.output()).isZero();
    }
}
