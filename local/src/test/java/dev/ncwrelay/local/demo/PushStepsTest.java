package dev.ncwrelay.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The step with the answers of a simulator and a delivery-service, both on one port. */
class PushStepsTest {

    private static final String WEBHOOK =
            "{\"status\":200,\"body\":\"{\\\"id\\\":\\\"e-1\\\",\\\"data\\\":{\\\"id\\\":\\\"t-1\\\"}}\"}";
    private static final String POLL = "{\"messages\":[{\"data\":{\"id\":\"t-1\"}}],\"next\":\"c-1\"}";

    private final LocalServer server = LocalServer.bind(0, new Interruptions(), (_, action) -> action.run());
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final StringWriter printed = new StringWriter();
    private final DemoOutput output = new DemoOutput(new PrintWriter(printed, true));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void stackWithoutPushes_leavesTheStepOut() throws Exception {
        run("{}", "");

        assertThat(printed.toString()).contains("Left out: a push that wakes the app");
        assertThat(requests).containsExactly("GET /simulator/health");
        assertThat(output.conclude()).isTrue();
    }

    @Test
    void push_withACursorAlone_isFollowedByAPoll_andTheTokenIsRemoved() throws Exception {
        run("{\"fcm\":\"\"}", "{\"relay\":\"1\",\"device\":\"hash\",\"cursor\":\"c-1\"}");

        assertThat(output.conclude()).as(printed.toString()).isTrue();
        assertThat(requests)
                .containsExactly(
                        "GET /simulator/health",
                        "PUT fcm",
                        "POST messages:poll",
                        "POST acks",
                        "POST /simulator/webhooks",
                        "GET /simulator/pushes",
                        "POST messages:poll",
                        "POST acks",
                        "DELETE fcm");
    }

    @Test
    void push_withMoreThanACursor_failsTheDemo() throws Exception {
        run("{\"fcm\":\"\"}", "{\"relay\":\"1\",\"device\":\"hash\",\"cursor\":\"c-1\",\"event\":\"e-1\"}");

        assertThat(output.conclude()).isFalse();
        assertThat(printed.toString())
                .contains("FAILED     it has the device's hash and a cursor, and nothing of the message");
    }

    private void run(String health, String pushed) throws InterruptedException {
        server.serve(
                List.of(
                        route("GET", "/simulator/health", health),
                        route("POST", "/simulator/webhooks", WEBHOOK),
                        route(
                                "GET",
                                "/simulator/pushes",
                                "{\"pushes\":[{\"message\":{\"android\":{\"priority\":\"high\"},\"data\":" + pushed
                                        + "}}]}")),
                this::device);
        try (var http = new Http()) {
            var url = server.url().toString();
            var device = DemoDevice.create(url, "alice");
            new PushSteps(http, output, new Simulator(http, url), device, Map.of()).push();
        }
    }

    private Route route(String method, String path, String answer) {
        return Route.of(method, path, _ -> {
            requests.add(method + " " + path);
            return json(200, answer);
        });
    }

    private Answer device(Received received) {
        var last = received.path().substring(received.path().lastIndexOf('/') + 1);
        requests.add(received.method() + " " + last);
        return switch (received.method()) {
            case "PUT" -> json(201, "{\"connection\":{\"data\":{\"device\":\"hash\"}}}");
            case "POST" -> last.equals("acks") ? json(204, "") : json(200, POLL);
            default -> json(204, "");
        };
    }

    private static Answer json(int status, String body) {
        return Answer.reply(status, "application/json", Bytes.utf8(body));
    }
}
