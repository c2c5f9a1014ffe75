package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.fcm.SentMessage;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Lists the messages that Firebase Cloud Messaging was asked to send. */
final class PushControl {
    private static final int SHOWN = 100;

    private final FakeFcm fcm;

    PushControl(FakeFcm fcm) {
        this.fcm = fcm;
    }

    List<Route> routes() {
        return List.of(
                Control.route("GET", "/simulator/pushes", this::pushes),
                Control.route("DELETE", "/simulator/pushes", _ -> forget()));
    }

    private Answer pushes(Received received) {
        var token = received.parameter("token");
        var pushes = fcm.messages().stream()
                .filter(message -> token.isEmpty() || token.get().equals(message.token()))
                .toList();
        var shown = pushes.subList(Math.max(0, pushes.size() - SHOWN), pushes.size());
        return Answer.json(
                200,
                Map.of(
                        "count", pushes.size(),
                        "pushes", shown.stream().map(PushControl::describe).toList()));
    }

    private Answer forget() {
        fcm.forget();
        return Control.noContent();
    }

    private static Map<String, Object> describe(SentMessage sent) {
        var description = new LinkedHashMap<String, Object>();
        description.put("receivedAt", sent.at().toString());
        description.put("accepted", sent.accepted());
        description.put(
                "message", JsonMapper.shared().readTree(sent.body().toArray()).path("message"));
        return description;
    }
}
