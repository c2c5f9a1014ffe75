package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The invoke RPC. Every call is checked as Fireblocks checks it and then recorded; an accepted one gets, in this order
 * of precedence, the next queued answer, the answer of the newest rule that matches it, the script's answer, an echo.
 */
public final class InvokeApi {
    private static final String PATH = "/v1/ncw/wallets/{walletId}/devices/{deviceId}/invoke";

    private final TokenCheck tokens;
    private final Clock clock;
    private final AnswerRules rules = new AnswerRules();
    private final InvokeRecord record = new InvokeRecord();
    private final List<Consumer<InvokeExchange>> listeners = new CopyOnWriteArrayList<>();

    public InvokeApi(Clock clock) {
        this.clock = clock;
        this.tokens = new TokenCheck(clock);
    }

    /** Registers an API user, so that its calls are accepted. */
    public void register(RegisteredUser user) {
        tokens.register(user);
    }

    /** Answers every call to which no queued answer and no rule applies. The function may block and may throw (500). */
    public void answerWith(Function<InvokeCall, ? extends Answer> script) {
        rules.script(script);
    }

    /** Queues answers for the next accepted calls of any user. */
    public void answerNext(Answer... answers) {
        for (var answer : answers) {
            answerNextWith(_ -> answer);
        }
    }

    /** Queues an answer that depends on its call. */
    public void answerNextWith(Function<InvokeCall, ? extends Answer> answer) {
        rules.next(answer);
    }

    /** Answers the calls that match until {@link #reset()}. */
    public void when(Predicate<InvokeCall> matches, Function<InvokeCall, ? extends Answer> answer) {
        rules.when(matches, answer);
    }

    /** Answers the calls of one SDK method, for example {@code poll_mpc_msg}. */
    public void onMethod(String method, Function<InvokeCall, ? extends Answer> answer) {
        when(call -> call.method().equals(method), answer);
    }

    /** Answers the calls of one device. */
    public void onDevice(String deviceId, Function<InvokeCall, ? extends Answer> answer) {
        when(call -> call.deviceId().equals(deviceId), answer);
    }

    /** Clears queue, rules and script; the recorded calls stay. */
    public void reset() {
        rules.reset();
    }

    /** The accepted calls in order of arrival, the latest 20,000 of them or, with their answers, 64 MiB. */
    public List<InvokeCall> calls() {
        return record.exchanges().stream().map(InvokeExchange::call).toList();
    }

    /** The accepted calls of one device. */
    public List<InvokeCall> callsOf(String deviceId) {
        return calls().stream().filter(call -> call.deviceId().equals(deviceId)).toList();
    }

    /** The accepted calls with their answers. */
    public List<InvokeExchange> exchanges() {
        return record.exchanges();
    }

    /** Calls the listener with each accepted call from now on, before it is answered. */
    public void listen(Consumer<InvokeExchange> listener) {
        listeners.add(listener);
    }

    /** The calls that were not accepted, with the reason. */
    public List<Refusal> refusals() {
        return record.refusals();
    }

    /** Clears the recorded calls and refusals. */
    public void forget() {
        record.clear();
    }

    public Route route() {
        return Route.of("POST", PATH, this::answer);
    }

    private Answer answer(Received request) {
        return switch (tokens.check(request)) {
            case TokenCheck.Verdict.Refused refused -> unauthorized(request, refused);
            case TokenCheck.Verdict.Accepted accepted ->
                payload(request.body())
                        .map(payload -> answer(request, accepted, payload))
                        .orElseGet(() -> invalid(request));
        };
    }

    private Answer answer(Received request, TokenCheck.Verdict.Accepted accepted, String payload) {
        var call = new InvokeCall(
                clock.instant(),
                request.variable("walletId"),
                request.variable("deviceId"),
                accepted.apiKey(),
                accepted.nonce(),
                InvokeCall.methodOf(payload),
                payload,
                request.body(),
                request.headers());
        var answer = rules.answer(call);
        var exchange = new InvokeExchange(call, answer);
        record.add(exchange);
        listeners.forEach(listener -> listener.accept(exchange));
        return answer;
    }

    private static Optional<String> payload(Bytes body) {
        try {
            var payload = JsonMapper.shared().readTree(body.toArray()).path("payload");
            return payload.isString() ? Optional.of(payload.stringValue()) : Optional.empty();
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    private Answer unauthorized(Received request, TokenCheck.Verdict.Refused refused) {
        var code = refused.code();
        record.add(new Refusal(clock.instant(), request.path(), 401, code.code(), code.message(), refused.reason()));
        // Fireblocks' front end does not send the right type on a 401, so no client may rely on it.
        return InvokeAnswer.refusal(401, code.message(), code.code())
                .header("Content-Type", "application/octet-stream");
    }

    private Answer invalid(Received request) {
        var message = "Validation failed (string payload is expected)";
        record.add(
                new Refusal(clock.instant(), request.path(), 400, 0, message, "a JSON object with a string payload"));
        // The form of the NCW documentation's page on API errors.
        var problem = new LinkedHashMap<String, Object>();
        problem.put("error", "Bad Request");
        problem.put("message", message);
        return Answer.json(400, problem);
    }
}
