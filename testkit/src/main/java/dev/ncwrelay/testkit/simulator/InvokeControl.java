package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.invoke.InvokeApi;
import dev.ncwrelay.testkit.invoke.InvokeExchange;
import dev.ncwrelay.testkit.invoke.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists the calls of the invoke RPC and sets the answers to further ones. */
final class InvokeControl {
    private static final int SHOWN = 100;

    private final InvokeApi invoke;

    InvokeControl(InvokeApi invoke) {
        this.invoke = invoke;
    }

    List<Route> routes() {
        return List.of(
                Control.route("GET", "/simulator/calls", this::calls),
                Control.route("DELETE", "/simulator/calls", _ -> forget()),
                Control.route("POST", "/simulator/answers", this::answer),
                Control.route("DELETE", "/simulator/answers", _ -> reset()));
    }

    private Answer calls(Received received) {
        var limit = received.parameter("limit").orElse(Integer.toString(SHOWN));
        if (!limit.matches("\\d{1,6}")) {
            throw new InvalidRequestException("limit must be a number of calls, such as 100");
        }
        var device = received.parameter("deviceId");
        var calls = invoke.exchanges().stream()
                .filter(exchange ->
                        device.isEmpty() || device.get().equals(exchange.call().deviceId()))
                .toList();
        var shown = calls.subList(Math.max(0, calls.size() - Integer.parseInt(limit)), calls.size());
        var refusals = invoke.refusals();
        var latest = refusals.subList(Math.max(0, refusals.size() - SHOWN), refusals.size());
        var answer = new LinkedHashMap<String, Object>();
        answer.put("count", calls.size());
        answer.put("calls", shown.stream().map(InvokeControl::describe).toList());
        answer.put("refused", latest.stream().map(InvokeControl::describe).toList());
        return Answer.json(200, answer);
    }

    private Answer forget() {
        invoke.forget();
        return Control.noContent();
    }

    private Answer answer(Received received) {
        var request = Control.request(SetAnswerRequest.class, received);
        request.check();
        if (request.forMatching()) {
            invoke.when(request::matches, request::answer);
            return Control.noContent();
        }
        var times = request.times() == null ? 1 : request.times();
        for (int i = 0; i < times; i++) {
            invoke.answerNextWith(request::answer);
        }
        return Control.noContent();
    }

    private Answer reset() {
        invoke.reset();
        return Control.noContent();
    }

    private static Map<String, Object> describe(InvokeExchange exchange) {
        var call = exchange.call();
        var description = new LinkedHashMap<String, Object>();
        description.put("receivedAt", call.receivedAt().toString());
        description.put("walletId", call.walletId());
        description.put("deviceId", call.deviceId());
        description.put("method", call.method());
        description.put("nonce", call.nonce());
        call.idempotencyKey().ifPresent(key -> description.put("idempotencyKey", key));
        description.put("payload", call.payload());
        description.put("answer", describe(exchange.answer()));
        return description;
    }

    private static Map<String, Object> describe(Answer answer) {
        var description = new LinkedHashMap<String, Object>();
        description.put("heldMillis", answer.hold().toMillis());
        switch (answer) {
            case Answer.Reply reply -> describe(reply, description);
            case Answer.Trickle trickle -> describe(trickle.reply(), description);
            case Answer.Truncated truncated -> {
                describe(truncated.reply(), description);
                description.put("truncatedAfter", truncated.bodyBytes());
            }
            case Answer.Cut cut -> description.put("cut", cut.abort().name());
        }
        return description;
    }

    private static void describe(Answer.Reply reply, Map<String, Object> description) {
        description.put("status", reply.status());
        description.put("bytes", reply.body().size());
        description.put("sha256", reply.body().sha256());
    }

    private static Map<String, Object> describe(Refusal refusal) {
        var description = new LinkedHashMap<String, Object>();
        description.put("receivedAt", refusal.receivedAt().toString());
        description.put("path", refusal.path());
        description.put("status", refusal.status());
        description.put("code", refusal.code());
        description.put("reason", refusal.reason());
        return description;
    }
}
