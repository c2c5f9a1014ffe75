package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ContainersTest {

    @Test
    void images_haveTheVersionsOfTheEmbeddedFixtures() throws IOException {
        var pom = Files.readString(Path.of(System.getProperty("relay.root"), "pom.xml"));

        assertThat(pom)
                .contains("<kafka.version>" + version(Containers.BROKER_IMAGE) + "</kafka.version>")
                .contains("<apicurio-server.version>" + version(Containers.REGISTRY_IMAGE)
                        + "</apicurio-server.version>");
    }

    private static String version(String image) {
        return image.substring(image.indexOf(':') + 1);
    }
}
