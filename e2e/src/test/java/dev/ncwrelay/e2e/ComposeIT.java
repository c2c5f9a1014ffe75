package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.local.demo.Demo;
import dev.ncwrelay.local.layout.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The containers of docker-compose.yml: both flows, and nothing lost while they stop and start. */
@Tag("containers")
@TestMethodOrder(OrderAnnotation.class)
class ComposeIT {

    private static ComposeProject project;

    @BeforeAll
    static void up() {
        var ports = Ports.standard();
        project = ComposeProject.up(
                "docker-compose.yml",
                List.of(ports.deliveryNodes().getFirst().management()),
                List.of(ports.ingressManagement()));
    }

    @AfterAll
    static void down() {
        if (project != null) {
            project.close();
        }
    }

    @Test
    @Order(1)
    void demo_passes() throws Exception {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (var demo = new Demo(Ports.standard(), out)) {
            assertThat(demo.run()).isTrue();
        }
    }

    @Test
    @Order(2)
    void demo_withRabbitMq_readsAQueue() throws Exception {
        project.up("rabbitmq");
        var output = new StringWriter();
        try (var demo = new Demo(Ports.standard(), new PrintWriter(output))) {
            assertThat(demo.run()).as(output.toString()).isTrue();
        }
        assertThat(output.toString()).contains("subscribes to RabbitMQ");
    }

    @Test
    @Order(2)
    void prometheus_readsTheMetricsOfAllServices() {
        project.up("prometheus");

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(project.scraped())
                        .containsExactlyInAnyOrder(
                                "ingress-service:8181 up",
                                "rpc-service:8082 up",
                                "delivery-service:8180 up",
                                "channel-service:8184 up"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-service", "rpc-service", "channel-service", "delivery-service"})
    @Order(3)
    void restart_losesNothing(String service) throws Exception {
        try (var traffic = Traffic.start(project)) {
            project.restart(service);

            traffic.awaitProgress();
            traffic.verify();
            if (!service.equals("delivery-service")) {
                assertThat(traffic.unreachable()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rpc-service", "delivery-service"})
    @Order(4)
    void kill_isFollowedByARestartAndLosesNothing(String service) throws Exception {
        int before = project.restarts(service);
        try (var traffic = Traffic.start(project)) {
            project.kill(service);

            await().atMost(Duration.ofMinutes(1)).until(() -> project.restarts(service) == before + 1);
            project.awaitReady(service);
            traffic.awaitProgress();
            traffic.verify();
        }
    }

    /** 143: ended by SIGTERM, not by the SIGKILL that follows when the grace period is over. */
    @Test
    @Order(5)
    void stop_answersHeldPollsWithinTheGracePeriod() {
        var apps = project.newApps(20);
        var polls = apps.stream().map(app -> app.poll("{\"wait\":50}")).toList();
        await().during(Duration.ofSeconds(1)).until(() -> polls.stream().noneMatch(poll -> poll.isDone()));

        project.stop("delivery-service", "rpc-service", "ingress-service", "channel-service");

        assertThat(polls)
                .allSatisfy(poll -> assertThat(poll)
                        .succeedsWithin(Duration.ofSeconds(1))
                        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200)));
        assertThat(project.exitCode("delivery-service")).isEqualTo(143);
        assertThat(project.exitCode("rpc-service")).isEqualTo(143);
        assertThat(project.exitCode("ingress-service")).isEqualTo(143);
        assertThat(project.exitCode("channel-service")).isEqualTo(143);
    }
}
