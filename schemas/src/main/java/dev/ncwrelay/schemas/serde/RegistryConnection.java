package dev.ncwrelay.schemas.serde;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connection to the schema registry, and the serdes that use it: {@code relay.registry.*}.
 *
 * @param url base URL of Apicurio Registry; another registry's is {@code schema.registry.url} in {@code properties}
 * @param serializer class of the value serializer: Apicurio's, or another that writes Confluent's wire format
 * @param deserializer class of the value deserializer, likewise
 * @param properties settings of these classes (for example credentials), which override the relay's own
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

    /** Confluent's name of the registry's address, or of several, separated by commas. */
    private static final String CONFLUENT_URL = "schema.registry.url";

    public RegistryConnection {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            // Without the URL, which may contain credentials.
            throw new IllegalArgumentException("relay.registry.url must be an http or https URL");
        }
        requireSubtype("serializer", serializer, Serializer.class);
        requireSubtype("deserializer", deserializer, Deserializer.class);
        properties = Map.copyOf(properties);
    }

    /** With Apicurio's serdes and no further settings. */
    public static RegistryConnection at(URI url) {
        return at(url, Map.of());
    }

    /** With Apicurio's serdes. */
    public static RegistryConnection at(URI url, Map<String, String> properties) {
        return new RegistryConnection(
                url,
                io.apicurio.registry.serde.avro.AvroKafkaSerializer.class,
                io.apicurio.registry.serde.avro.AvroKafkaDeserializer.class,
                properties);
    }

    /** Base URL of the registry's Confluent-compatible API. */
    public String confluentUrl() {
        var configured = properties.get(CONFLUENT_URL);
        return configured == null
                ? withoutSlash(url.toString()) + "/apis/ccompat/v7"
                : withoutSlash(configured.split(",", 2)[0].strip());
    }

    /**
     * A file with the certificates that are trusted.
     *
     * @param location path of the file, in the format JKS or PKCS12
     * @param password without one the file's integrity is not checked
     */
    record TrustStore(String location, @Nullable String password) {

        @Override
        public String toString() {
            return "TrustStore[location=" + location + "]";
        }
    }

    /** User name and password for HTTP basic authentication, with a colon between them. */
    Optional<String> basicCredentials() {
        var user = properties.get("apicurio.registry.auth.username");
        return user == null
                ? Optional.ofNullable(properties.get("basic.auth.user.info"))
                : Optional.of(user + ":" + properties.getOrDefault("apicurio.registry.auth.password", ""));
    }

    /** The configured trust store; without one Java's own is meant. */
    Optional<TrustStore> trustStore() {
        return trustStore("apicurio.registry.tls.truststore.").or(() -> trustStore("schema.registry.ssl.truststore."));
    }

    private Optional<TrustStore> trustStore(String prefix) {
        return Optional.ofNullable(properties.get(prefix + "location"))
                .map(location -> new TrustStore(location, properties.get(prefix + "password")));
    }

    /** Settings of Apicurio's and Confluent's serdes; each ignores the other's. */
    Map<String, Object> serdeConfig() {
        var config = new HashMap<String, Object>();
        config.put("apicurio.registry.url", withoutSlash(url.toString()) + "/apis/registry/v3");
        config.put("apicurio.registry.http.adapter", "JDK");
        config.put("apicurio.registry.auto-register", false);
        config.put("apicurio.registry.artifact-resolver-strategy", CommittedVersionStrategy.class.getName());
        config.put("apicurio.registry.avro-datum-provider", CachedDatumProvider.class.getName());
        config.put("apicurio.registry.check-period-ms", NEVER_EXPIRES_MILLIS);
        config.put("apicurio.registry.use-specific-avro-reader", true);
        config.put(CONFLUENT_URL, confluentUrl());
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

    private static void requireSubtype(String key, Class<?> type, Class<?> supertype) {
        if (!supertype.isAssignableFrom(type)) {
            throw new IllegalArgumentException(
                    "relay.registry." + key + " must be the name of a class that implements " + supertype.getName());
        }
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
