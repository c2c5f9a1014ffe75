package dev.ncwrelay.testkit.playground;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What the page needs to know of the relay.
 *
 * @param delivery the addresses of the nodes of delivery-service, which must permit the page's origin
 * @param kafka where the relay's records are; without it the page shows no partitions and offsets
 */
public record PlaygroundSettings(List<URI> delivery, Optional<Kafka> kafka) {

    /** The relay's Kafka and its schema registry. */
    public record Kafka(String bootstrapServers, URI registry) {}
}
