package dev.ncwrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.local.stack.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What must hold of Dockerfile and the Compose files, also where there is no Docker. */
class ContainerFilesTest {

    private static final Pattern PORT = Pattern.compile("\"([\\d.]+:)?\\d+:\\d+\"");
    private static final Pattern VERSION = Pattern.compile("\\$\\{RELAY_VERSION:-([^}]+)}");
    private static final Pattern PROJECT_VERSION =
            Pattern.compile("<artifactId>ncw-relay</artifactId>\\s+<version>([^<]+)</version>");

    private final Path root = Path.of(System.getProperty("relay.root"));

    @Test
    void ports_arePublishedOnLoopbackOnly() throws IOException {
        var ports = PORT.matcher(compose()).results().map(MatchResult::group).toList();

        assertThat(ports).hasSizeGreaterThan(15).allMatch(port -> port.startsWith("\"127.0.0.1:"));
    }

    @Test
    void images_haveTheProjectsVersion() throws IOException {
        var pom = PROJECT_VERSION.matcher(Files.readString(root.resolve("pom.xml")));
        assertThat(pom.find()).isTrue();

        assertThat(VERSION.matcher(compose()).results().map(found -> found.group(1)))
                .hasSize(6)
                .containsOnly(pom.group(1));
    }

    @Test
    void everyService_isInAllFiles() throws IOException {
        for (var service : Stack.SERVICES) {
            assertThat(Files.readString(root.resolve("Dockerfile")))
                    .contains("AS " + service, "COPY --from=unpack /out/" + service + "/dependencies/");
            assertThat(Files.readString(root.resolve(".dockerignore"))).contains("!" + service + "/target/");
            assertThat(Files.readString(root.resolve("docker-compose.yml"))).contains("service: " + service + "}");
            assertThat(Files.readString(root.resolve("deploy/compose/cluster.yml")))
                    .contains("service: " + service + "}");
            assertThat(Files.readString(root.resolve("deploy/compose/prometheus.yml")))
                    .contains(service + ":8");
            assertThat(Files.readString(root.resolve("relay"))).containsPattern("SERVICES=\".*\\b" + service + "\\b");
        }
    }

    /** It would have to be fetched from a registry by its name alone. */
    @Test
    void dockerfile_namesNoSyntax() throws IOException {
        assertThat(Files.readString(root.resolve("Dockerfile"))).doesNotContain("syntax=");
    }

    private String compose() throws IOException {
        return Files.readString(root.resolve("docker-compose.yml"))
                + Files.readString(root.resolve("deploy/compose/services.yml"))
                + Files.readString(root.resolve("deploy/compose/cluster.yml"));
    }
}
