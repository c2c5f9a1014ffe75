package dev.ncwrelay.testkit.kafka;

import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicProvisioning;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.oidc.OidcIssuer;
import dev.ncwrelay.testkit.oidc.TokenRequest;
import dev.ncwrelay.testkit.server.TemporaryFolder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;

/**
 * A broker that {@code docs/security-kafka.md} sets up, by the page's own settings and commands: connections are encrypted,
 * every client is known by name, and an operation without an ACL is refused. The relay's topics and the users of its
 * services exist, their ACLs do not.
 */
public final class SecuredKafka implements AutoCloseable {

    /** Where clients connect, by the way they prove who they are. */
    public enum Listener {
        /** Services and brokers: SCRAM. */
        INTERNAL,
        /** Services: client certificates. */
        MTLS,
        /** Services: tokens of an issuer. */
        OAUTH,
        /** End users: tokens of an issuer. */
        CLIENT
    }

    /** Passwords of the page, which are not secret here. */
    private static final List<String> PASSWORDS = List.of(
            "STOREPASS",
            "BROKER_PASSWORD",
            "ADMIN_PASSWORD",
            "INGRESS_PASSWORD",
            "RPC_PASSWORD",
            "DELIVERY_PASSWORD",
            "CHANNEL_PASSWORD",
            "BACKEND_PASSWORD",
            "KAFKA_PASSWORD",
            "CLIENT_SECRET");

    private final SecurityDocument document = SecurityDocument.read();
    private final TemporaryFolder temporary;
    private final Path folder;
    private final Map<Listener, Integer> ports;
    private final Map<String, String> values;
    private final OperatorShell shell;
    private final KafkaNode node;
    private final KafkaConnection connection;
    private final Admin admin;

    private SecuredKafka(OidcIssuer issuer) {
        this.temporary = TemporaryFolder.create("secured-kafka");
        this.folder = temporary.path();
        this.ports =
                Arrays.stream(Listener.values()).collect(Collectors.toMap(Function.identity(), _ -> FreePort.next()));
        this.values = values(issuer);
        this.shell = new OperatorShell(folder, values);
        int controllerPort = FreePort.next();
        shell.run(document.block("Certificates"));
        var settings = properties("server.properties");
        settings.putAll(listeners(controllerPort));
        write("server.properties", text(KafkaNode.config(folder.resolve("data"), controllerPort)) + text(settings));
        write("admin.properties", document.block("admin.properties", values));
        shell.run(document.block("First users"));
        // Read when the broker's token check is loaded.
        System.setProperty(
                BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG,
                values.get("JWKS_URL") + "," + values.get("TOKEN_URL"));
        node = KafkaNode.start(folder.resolve("data"), controllerPort, settings);
        connection = KafkaConnection.toDevelopmentBroker(
                bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS, properties("admin.properties"));
        admin = Admin.create(connection.admin("testkit"));
    }

    /** Starts a broker that accepts the tokens of this issuer. */
    public static SecuredKafka start(OidcIssuer issuer) {
        KafkaUse.check();
        var kafka = new SecuredKafka(issuer);
        kafka.run("Services' users");
        return kafka;
    }

    public String bootstrapServers(Listener listener) {
        return "127.0.0.1:" + ports.get(listener);
    }

    /** The connection of an administrator, who may do everything. */
    public KafkaConnection connection() {
        return connection;
    }

    /** The connection of a client that logs in with this token. */
    public KafkaConnection connection(Listener listener, TokenRequest token) {
        var properties = Map.of(
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                folder.resolve("ca.p12").toString(),
                "ssl.truststore.password",
                values.get("STOREPASS"),
                "sasl.mechanism",
                "OAUTHBEARER",
                "sasl.jaas.config",
                OAuthBearerLoginModule.class.getName() + " required;",
                "sasl.login.callback.handler.class",
                OAuthBearerLoginCallbackHandler.class.getName(),
                "sasl.oauthbearer.jwt.retriever.class",
                GivenToken.class.getName(),
                GivenToken.SETTING,
                token.issue());
        return KafkaConnection.toDevelopmentBroker(bootstrapServers(listener), LocalKafka.PARTITIONS, properties);
    }

    /** Creates the relay's topics. */
    public SecuredKafka withTopics() {
        try {
            TopicProvisioning.create(admin, connection);
            return this;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create the topics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Runs the commands below this heading of the page. */
    public void run(String heading) {
        shell.run(document.block(heading));
    }

    /** Runs other commands of an operator. */
    public void shell(String lines) {
        shell.run(lines);
    }

    /** A file with the settings below this heading of the page, for Spring Boot or for Kafka's clients. */
    public Path settings(String heading, String fileName) {
        return write(fileName, document.block(heading, values));
    }

    /** The same for a client with this id at the issuer. */
    public Path settings(String heading, String fileName, String clientId) {
        var own = new HashMap<>(values);
        own.put("CLIENT_ID", clientId);
        return write(fileName, document.block(heading, own));
    }

    /** Where the page's commands write certificates. */
    public Path folder() {
        return folder;
    }

    /** What this principal may do, each operation on each resource separately. */
    public Collection<AclBinding> aclsOf(String principal) {
        awaitAcls();
        return done(admin.describeAcls(allOf(principal)).values());
    }

    /** The controller acknowledges ACLs before the broker has applied them. It applies them in order. */
    private void awaitAcls() {
        var principal = "User:last-" + UUID.randomUUID();
        var topic = new ResourcePattern(ResourceType.TOPIC, "last", PatternType.LITERAL);
        var entry = new AccessControlEntry(principal, "*", AclOperation.READ, AclPermissionType.ALLOW);
        grant(List.of(new AclBinding(topic, entry)));
        await().until(() -> !done(admin.describeAcls(allOf(principal)).values()).isEmpty());
        done(admin.deleteAcls(List.of(allOf(principal))).all());
    }

    private static AclBindingFilter allOf(String principal) {
        return new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY));
    }

    /** Adds ACLs. */
    public void grant(Collection<AclBinding> acls) {
        done(admin.createAcls(acls).all());
    }

    /** Removes ACLs. */
    public void revoke(Collection<AclBinding> acls) {
        done(admin.deleteAcls(acls.stream().map(AclBinding::toFilter).toList()).all());
    }

    @Override
    public void close() {
        admin.close();
        node.close();
        temporary.delete();
    }

    private Map<String, String> values(OidcIssuer issuer) {
        var all = new HashMap<String, String>();
        PASSWORDS.forEach(name -> all.put(name, "for-tests"));
        all.put("CA_PASSWORD", "for-the-authority");
        all.put("BROKER_SAN", "san=dns:localhost,ip:127.0.0.1");
        all.put("TLS", folder.toString());
        all.put("CLUSTER_ID", Uuid.randomUuid().toString());
        all.put("ISSUER", issuer.issuer());
        all.put("TOKEN_URL", issuer.issuer() + "/token");
        all.put("JWKS_URL", issuer.jwksUri().toString());
        all.put(
                "ADMIN",
                "--bootstrap-server " + bootstrapServers(Listener.INTERNAL) + " --command-config "
                        + folder.resolve("admin.properties"));
        return all;
    }

    private Map<String, String> listeners(int controllerPort) {
        var advertised = ports.entrySet().stream()
                .map(each -> each.getKey() + "://127.0.0.1:" + each.getValue())
                .collect(Collectors.joining(","));
        return Map.of(
                "listeners",
                advertised + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners",
                advertised);
    }

    private Map<String, String> properties(String heading) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(document.block(heading, values)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var found = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(name -> found.put(name, properties.getProperty(name)));
        return found;
    }

    /** The result, without waiting longer than Kafka's own timeouts. */
    private static <T> T done(KafkaFuture<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
