package dev.ncwrelay.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README shows code that runs, and names tests that exist. */
class ExampleTest {

    private static final Path MODULE = Path.of(System.getProperty("relay.root"), "clients/java");

    @Test
    void example_receivesAcknowledgesAndCalls() throws Exception {
        try (var relay = FakeRelay.start()) {
            relay.publish(List.of("m-0"));
            var received = new ArrayList<Message>();

            var answer = Example.receiveAndCall(relay.url(), "d-1", () -> "token-1", received::add);

            assertThat(received).extracting(Message::id).containsExactly("m-0");
            assertThat(relay.log().acknowledgedBy("")).isZero();
            assertThat(answer).isEqualTo("{\"result\":{}}");
        }
    }

    @Test
    void readme_hasTheExample() throws Exception {
        var source = Files.readString(MODULE.resolve("src/test/java/dev/ncwrelay/client/Example.java"));
        var example = source.substring(source.indexOf("begin\n") + 6, source.indexOf("        // README: end"));

        assertThat(Files.readString(MODULE.resolve("README.md")))
                .contains(example.stripTrailing().stripIndent().lines().collect(Collectors.joining("\n")));
    }

    @Test
    void readme_namesTestsThatExist() throws Exception {
        var readme = Files.readString(MODULE.resolve("README.md"));
        var tests = new StringBuilder();
        try (var files = Files.list(MODULE.resolve("src/test/java/dev/ncwrelay/client"))) {
            for (var file : files.toList()) {
                tests.append(Files.readString(file));
            }
        }

        assertThat(Pattern.compile("`([a-z]\\w+_\\w+)`")
                        .matcher(readme)
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(tests).contains("void " + name + "("));
    }
}
