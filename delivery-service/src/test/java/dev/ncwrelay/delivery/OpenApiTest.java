package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The committed description matches the code. */
@Tag("kafka")
class OpenApiTest {

    private static final Path FILE = Path.of("openapi.yaml");

    @Test
    void description_isUpToDate() throws IOException {
        try (var delivery = RunningDelivery.start(
                "springdoc.api-docs.enabled=true",
                "relay.delivery.demo-api.enabled=true",
                "springdoc.writer-with-order-by-keys=true",
                "springdoc.default-flat-param-object=true",
                "springdoc.paths-to-match=/v1/**,/api/**",
                "spring.main.sources=" + OpenApiDescription.class.getName())) {
            var generated = delivery.get("/v3/api-docs.yaml");
            assertThat(generated.status()).isEqualTo(200);

            if (Boolean.getBoolean("openapi.write")) {
                Files.write(FILE, generated.bytes());
            }
            assertThat(generated.text())
                    .as("write it anew with: mvn -pl delivery-service -am test -Dtest=OpenApiTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dopenapi.write=true")
                    .isEqualTo(Files.readString(FILE));
        }
    }
}
