package dev.ncwrelay.delivery.messages.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** asyncapi.yaml has exactly the topics and messages of the code. */
class AsyncApiTest {

    private static final String TENANT_TOPICS = new TenantTopic("x").name().replace("x", "{tenant}");

    private final JsonNode channels = channels();

    @Test
    void topics_areThoseOfTheCode() {
        assertThat(channels.propertyNames())
                .filteredOn(channel -> !channel.startsWith("/"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Topics.all().stream().map(topic -> topic.name()), Stream.of(TENANT_TOPICS))
                                .toList());
    }

    @Test
    void messageTypes_areThoseOfTheCode() {
        var words = Arrays.stream(
                        ClientMessage.class.getAnnotation(JsonSubTypes.class).value())
                .map(type -> "#/components/messages/" + type.name())
                .toList();

        assertThat(socket().at("/publish/message/oneOf")
                        .valueStream()
                        .map(reference -> reference.path("$ref").asString()))
                .containsExactlyElementsOf(words);
    }

    @Test
    void closeCodes_areThoseOfTheCode() {
        assertThat(CloseCode.values())
                .filteredOn(code -> code != CloseCode.NORMAL)
                .extracting(code -> Integer.toString(code.status().getCode()))
                .allSatisfy(code ->
                        assertThat(socket().path("description").asString()).contains(code));
    }

    private JsonNode socket() {
        return channels.path(Handshake.PATH);
    }

    private static JsonNode channels() {
        try {
            return JsonMapper.shared()
                    .valueToTree(new Yaml().load(Files.readString(Path.of("asyncapi.yaml"))))
                    .path("channels");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
