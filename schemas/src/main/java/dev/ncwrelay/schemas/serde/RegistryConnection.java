package dev.ncwrelay.schemas.serde;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connection to the schema registry, and the serdes that use it: {@code relay.registry.*}.
 *
 * @param url base URL of the registry; for another registry than Apicurio, set its paths in {@code properties}
 * @param serializer class of the value serializer; {@code io.confluent.kafka.serializers.KafkaAvroSerializer} works too
 * @param deserializer class of the value deserializer, likewise
 * @param properties further settings of both (for example credentials), which override the relay's own
 */
@ConfigurationProperties(prefix = "relay.registry", ignoreUnknownFields = false)
public record RegistryConnection(
        @DefaultValue("http://127.0.0.1:8085") URI url,

        @DefaultValue("io.apicurio.registry.serde.avro.AvroKafkaSerializer")
        Class<?> serializer,

        @DefaultValue("io.apicurio.registry.serde.avro.AvroKafkaDeserializer")
        Class<?> deserializer,

        @DefaultValue Map<String, String> properties) {

    /** The schema of an id never changes, so the cache need not expire: ten years in milliseconds. */
    private static final String NEVER_EXPIRES_MILLIS = "315360000000";

    public RegistryConnection {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            // Without the URL, which may contain credentials.
            throw new IllegalArgumentException("relay.registry.url must be an http or https URL");
        }
        properties = Map.copyOf(properties);
    }

    /** With Apicurio's serdes and no further settings. */
    public static RegistryConnection at(URI url) {
        return new RegistryConnection(
                url,
                io.apicurio.registry.serde.avro.AvroKafkaSerializer.class,
                io.apicurio.registry.serde.avro.AvroKafkaDeserializer.class,
                Map.of());
    }

    /** Base URL of the registry's Confluent-compatible API. */
    public String confluentUrl() {
        return base() + "/apis/ccompat/v7";
    }

    /** Settings of Apicurio's and Confluent's serdes; each ignores the other's. */
    Map<String, Object> serdeConfig() {
        var config = new HashMap<String, Object>();
        config.put("apicurio.registry.url", base() + "/apis/registry/v3");
        config.put("apicurio.registry.http.adapter", "JDK");
        config.put("apicurio.registry.auto-register", false);
        config.put("apicurio.registry.artifact-resolver-strategy", CommittedVersionStrategy.class.getName());
        config.put("apicurio.registry.avro-datum-provider", CachedDatumProvider.class.getName());
        config.put("apicurio.registry.check-period-ms", NEVER_EXPIRES_MILLIS);
        config.put("apicurio.registry.use-specific-avro-reader", true);
        config.put("schema.registry.url", confluentUrl());
        config.put("auto.register.schemas", false);
        config.put("avro.remove.java.properties", true);
        config.put("specific.avro.reader", true);
        config.putAll(properties);
        return config;
    }

    /** Without the values of further properties and the URL, which may be secret. */
    @Override
    public String toString() {
        return "RegistryConnection[host=" + url.getHost() + ", properties=" + properties.keySet() + "]";
    }

    private String base() {
        var text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
