package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ContainersTest {

    @Test
    void images_haveTheVersionsOfTheEmbeddedFixtures() throws IOException {
        var pom = file("pom.xml");

        assertThat(pom)
                .contains("<kafka.version>" + version(Containers.BROKER_IMAGE) + "</kafka.version>")
                .contains("<apicurio-server.version>" + version(Containers.REGISTRY_IMAGE)
                        + "</apicurio-server.version>");
    }

    @Test
    void images_areThoseOfTheComposeFiles() throws IOException {
        var parts = file("deploy/compose/services.yml");

        assertThat(parts)
                .contains("image: " + Containers.BROKER_IMAGE + "\n", "image: " + Containers.REGISTRY_IMAGE + "\n");
    }

    /** Every image that is not built here can be replaced where there is no registry of images. */
    @Test
    void images_haveStandIns() throws IOException {
        var standIns = file("deploy/verify/stand-ins/build");
        var images = Pattern.compile("^ *image: (?!ncw-relay/)(\\S+)$", Pattern.MULTILINE)
                .matcher(file("docker-compose.yml")
                        + file("deploy/compose/services.yml")
                        + file("deploy/compose/cluster.yml"))
                .results()
                .map(found -> found.group(1))
                .filter(image -> !image.startsWith("grafana/"))
                .toList();

        assertThat(images).hasSize(5).allSatisfy(image -> assertThat(standIns).contains(" " + image + " "));
    }

    private static String file(String name) throws IOException {
        return Files.readString(Path.of(System.getProperty("relay.root"), name));
    }

    private static String version(String image) {
        return image.substring(image.indexOf(':') + 1);
    }
}
