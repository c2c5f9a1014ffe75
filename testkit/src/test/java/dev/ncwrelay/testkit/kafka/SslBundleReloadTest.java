package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;

/** A client certificate that is renewed while a client runs, as the page's settings of services have it. */
@Tag("kafka")
@Tag("brokers")
class SslBundleReloadTest {

    private static final Set<AclOperation> FORMER = Set.of(AclOperation.READ, AclOperation.DESCRIBE);
    private static final Set<AclOperation> RENEWED = Set.of(AclOperation.WRITE, AclOperation.DESCRIBE);

    /** The auto-configuration of a service. */
    @EnableAutoConfiguration
    static class Client {}

    /** The names in the certificates differ, because the broker shows which of them a connection has. */
    @Test
    void newConnections_useTheRenewedCertificate_openOnesKeepTheFormer() throws Exception {
        try (var fireblocks = FakeFireblocks.start();
                var kafka = SecuredKafka.start(fireblocks.oidc()).withTopics()) {
            // Given
            kafka.run("Client certificates");
            kafka.shell("sh issue.sh renewed eku=clientAuth");
            kafka.shell(
                    "kafka-acls.sh $ADMIN --add --allow-principal User:delivery-service --operation Read --topic ncw.devices");
            kafka.shell(
                    "kafka-acls.sh $ADMIN --add --allow-principal User:renewed --operation Write --topic ncw.devices");
            kafka.aclsOf("User:renewed");
            var application = new SpringApplication(Client.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            try (var context = application.run(
                    "--spring.config.location=file:" + kafka.settings("Client certificate", "mtls.yaml"),
                    "--spring.application.name=delivery-service",
                    "--spring.ssl.bundle.watch.file.quiet-period=100ms",
                    "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(Listener.MTLS),
                    "--spring.kafka.admin.properties.connections.max.idle.ms=1000")) {
                var reloaded = new CountDownLatch(1);
                context.getBean(SslBundles.class).addBundleUpdateHandler("kafka", _ -> reloaded.countDown());
                try (var admin =
                        Admin.create(context.getBean(KafkaConnection.class).admin("test"))) {
                    await().untilAsserted(() -> assertThat(permitted(admin)).isEqualTo(FORMER));

                    // When
                    Files.move(
                            kafka.folder().resolve("renewed.p12"),
                            kafka.folder().resolve("delivery-service.p12"),
                            StandardCopyOption.REPLACE_EXISTING);
                    await().until(() -> {
                        // In use all the time, so that no connection is idle.
                        assertThat(permitted(admin)).isEqualTo(FORMER);
                        return reloaded.getCount() == 0;
                    });

                    // Then
                    assertThat(permitted(admin)).isEqualTo(FORMER);
                    await().pollInterval(Duration.ofMillis(1500))
                            .untilAsserted(() -> assertThat(permitted(admin)).isEqualTo(RENEWED));
                }
            }
        }
    }

    private static Set<AclOperation> permitted(Admin admin) throws Exception {
        var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        var topics =
                admin.describeTopics(List.of(Topics.DEVICES.name()), options).allTopicNames();
        return Map.copyOf(topics.get()).values().iterator().next().authorizedOperations();
    }
}
