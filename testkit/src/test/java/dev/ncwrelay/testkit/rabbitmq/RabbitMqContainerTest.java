package dev.ncwrelay.testkit.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RabbitMqContainerTest {

    @Test
    void image_isThatOfTheComposeFile() throws IOException {
        var compose = Files.readString(Path.of(System.getProperty("relay.root"), "docker-compose.yml"));

        assertThat(compose).contains("image: " + RabbitMqContainer.IMAGE + "\n");
    }
}
