package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.oidc.TokenRequest;
import dev.ncwrelay.testkit.process.NodePackage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users read their own topics with their own tokens, and no others. */
@Tag("kafka")
@Tag("brokers")
class ClientTopicUsersTest {

    private static final Duration SOON = ClientTopicFixture.SOON;
    private static final String USER = ClientTopicFixture.USER;

    @RegisterExtension
    private static final ClientTopicFixture CLIENTS = new ClientTopicFixture();

    @Test
    void topic_isReadByItsUserAlone_andInItsOwnGroupsAlone() {
        var device = CLIENTS.subscribed(USER);
        var own = CLIENTS.topic(device).groupPrefix() + "app";
        CLIENTS.publish(device, "event", "{}");
        CLIENTS.read(device, CLIENTS.token(USER), own, 1);

        assertThatThrownBy(() -> CLIENTS.read(device, CLIENTS.token("bob"), own, 1))
                .isInstanceOfAny(TopicAuthorizationException.class, GroupAuthorizationException.class);
        assertThatThrownBy(() -> CLIENTS.readPartition(device, CLIENTS.token("bob")))
                .isInstanceOf(TopicAuthorizationException.class);
        // What the service itself may do, no user of its name may.
        assertThatThrownBy(() -> CLIENTS.write(device, CLIENTS.token(ClientTopicFixture.SERVICE)))
                .hasCauseInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> CLIENTS.read(device, CLIENTS.token(USER), "app", 1))
                .isInstanceOf(GroupAuthorizationException.class);
        var another = CLIENTS.subscribed("bob");
        assertThatThrownBy(() -> CLIENTS.read(
                        another, CLIENTS.token(USER), CLIENTS.topic(another).groupPrefix() + "app", 1))
                .isInstanceOfAny(TopicAuthorizationException.class, GroupAuthorizationException.class);
    }

    @Test
    void topic_isReadWithKafkajs_byItsUserAlone() throws Exception {
        var js = new NodePackage(Path.of("src", "test", "js").toAbsolutePath());
        js.install();
        var device = CLIENTS.subscribed(USER);
        var ids = List.of("js-1", "js-2", "js-3");
        ids.forEach(id -> CLIENTS.publish(device, id, "{}"));

        assertThat(readWithJavaScript(
                        js, device, CLIENTS.token(USER), CLIENTS.topic(device).groupPrefix() + "js"))
                .contains("{\"ids\":[\"js-1\",\"js-2\",\"js-3\"]}");

        assertThat(readWithJavaScript(
                        js, device, CLIENTS.token("bob"), CLIENTS.topic(device).groupPrefix() + "js"))
                .contains("refused");
        assertThat(readWithJavaScript(js, device, CLIENTS.token(USER), "js")).contains("refused");
        assertThat(readWithJavaScript(
                        js,
                        device,
                        CLIENTS.token(USER).expired(),
                        CLIENTS.topic(device).groupPrefix() + "js"))
                .contains("refused");
    }

    @Test
    void token_thatIsExpiredOrOfAnotherIssuer_isRefused() {
        var device = CLIENTS.subscribed(USER);

        assertThatThrownBy(
                        () -> CLIENTS.readPartition(device, CLIENTS.token(USER).expired()))
                .isInstanceOf(SaslAuthenticationException.class);
        assertThatThrownBy(
                        () -> CLIENTS.readPartition(device, CLIENTS.token(USER).issuer("https://another.example")))
                .isInstanceOf(SaslAuthenticationException.class);
        assertThatThrownBy(
                        () -> CLIENTS.readPartition(device, CLIENTS.token(USER).forged()))
                .isInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void tokenThatExpires_endsAnOpenConsumer() {
        var device = CLIENTS.subscribed(USER);
        CLIENTS.publish(device, "event", "{}");
        var consumer = CLIENTS.consumer(CLIENTS.token(USER).lifetime(Duration.ofSeconds(5)), Map.of());
        var partitions = List.of(new TopicPartition(CLIENTS.topic(device).name(), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        await().atMost(SOON).until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());

        await().atMost(SOON)
                .untilAsserted(() -> assertThatThrownBy(() -> consumer.poll(Duration.ofMillis(200)))
                        .isInstanceOf(SaslAuthenticationException.class));
        CLIENTS.closeRefused(consumer);
    }

    private static String readWithJavaScript(NodePackage js, String device, TokenRequest token, String group)
            throws InterruptedException {
        var command = List.of(
                "node",
                "read.mjs",
                CLIENTS.kafka().bootstrapServers(Listener.CLIENT),
                CLIENTS.kafka().folder().resolve("ca.pem").toString(),
                CLIENTS.topic(device).name(),
                group,
                "3");
        return js.run(Map.of("TOKEN", token.issue()), command.toArray(String[]::new))
                .output();
    }
}
