package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The descriptions of the APIs are what such descriptions ought to be. */
class ApiDescriptionsIT {

    @BeforeAll
    static void install() throws Exception {
        JavaScript.JS.install();
    }

    @Test
    void descriptions_haveNoFault() throws InterruptedException {
        var lint = JavaScript.JS.run(
                "npx",
                "spectral",
                "lint",
                "--ruleset",
                "spectral.yaml",
                "--fail-severity",
                "warn",
                "../../delivery-service/openapi.yaml",
                "../../delivery-service/asyncapi.yaml",
                "../../ingress-service/openapi.yaml");

        assertThat(lint.exitCode()).as(lint.output()).isZero();
    }
}
