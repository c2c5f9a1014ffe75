package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The containers of deploy/compose/cluster.yml: what stops, clients behind the proxy do not notice. */
@Tag("containers")
class ClusterIT {

    private static ComposeProject project;

    @BeforeAll
    static void up() {
        project = ComposeProject.up("deploy/compose/cluster.yml", List.of(8180, 8190), List.of(8181, 8191));
    }

    @AfterAll
    static void down() {
        if (project != null) {
            project.close();
        }
    }

    @Test
    void broker_thatStopsAndComesBackLosesNothing() throws Exception {
        try (var traffic = Traffic.start(project)) {
            project.stop("kafka-2");
            traffic.awaitProgress();
            project.start("kafka-2");
            traffic.awaitProgress();

            traffic.verify();
            assertThat(traffic.unreachable()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-service-1", "rpc-service-1", "delivery-service-1"})
    void restart_ofOneOfTwoIsNotSeenByClients(String service) throws Exception {
        try (var traffic = Traffic.start(project)) {
            project.restart(service);

            traffic.awaitProgress();
            traffic.verify();
            assertThat(traffic.unreachable()).isZero();
        }
    }
}
