package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random requests for every operation of openapi.yaml. Each gets one of the described responses, and none logs an error
 * or a stack trace. {@code -Dfuzz.seed} and {@code -Dfuzz.requests} choose others.
 */
@Tag("kafka")
class RequestFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20_260_101L);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 5_000);
    private static final int CONNECTIONS = 16;
    private static final int FAULTS_SHOWN = 20;

    private final RunningDelivery delivery = RunningDelivery.shared();
    private final RawHttp http = new RawHttp(delivery.port());

    @Test
    void randomRequests_getADescribedResponse() throws Exception {
        // Given
        var operations = DescribedApi.read().operations();
        var valid = valid();
        var checks = IntStream.range(0, REQUESTS)
                .<Callable<Optional<String>>>mapToObj(
                        index -> () -> fault(index, operations.get(index % operations.size()), valid))
                .toList();

        // When
        var faults = new ArrayList<String>();
        try (var log = LogRecorder.attach();
                var clients = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (var check : clients.invokeAll(checks)) {
                check.get().ifPresent(faults::add);
            }
            faults.addAll(log.faults());
        }

        // Then
        assertThat(faults.subList(0, Math.min(FAULTS_SHOWN, faults.size())))
                .as(faults.size() + " faults with -Dfuzz.seed=" + SEED)
                .isEmpty();
    }

    /** The device has messages after the cursor, so that a valid poll is answered at once. */
    private FuzzRequest.Valid valid() {
        var device = delivery.device();
        var cursor = delivery.poll(device, "{\"wait\":0}").next();
        delivery.publish(device, "fuzz-1", "transaction.created", null, "{\"id\":\"t-1\"}");
        delivery.publish(device, "fuzz-2", "NCW_DEVICE_MESSAGE", null, "{}");
        assertThat(delivery.poll(device, "{\"wait\":20}").ids()).isNotEmpty();
        return new FuzzRequest.Valid(
                device,
                cursor,
                delivery.token(RunningDelivery.USER),
                delivery.fireblocks().oidc().token("backend", "devices:write"),
                delivery.token("somebody"));
    }

    private Optional<String> fault(int index, DescribedApi.Operation operation, FuzzRequest.Valid valid) {
        var request = FuzzRequest.of(operation, valid, new Random(SEED * 31 + index));
        try {
            var answer = http.send(request.bytes());
            return Optional.ofNullable(fault(request, answer))
                    .map(fault -> fault + "\n  " + request.text() + "\n  " + answer + "\n");
        } catch (IOException | RuntimeException e) {
            return Optional.of(e + "\n  " + request.text());
        }
    }

    /** What is wrong with the response; null if nothing. */
    private static @Nullable String fault(FuzzRequest request, RawHttp.Answer answer) {
        if (answer.status() == 0) {
            return "no answer";
        }
        if (answer.status() / 100 == 5 && !request.operation().problems().containsKey(answer.status())) {
            return "a status that is not described";
        }
        if (!request.isPathKept() || !request.isHttp()) {
            return answer.status() < 400 || request.text().startsWith("HEAD") || hasProblem(answer, List.of())
                    ? null
                    : "no problem";
        }
        var types = request.operation().problems().get(answer.status());
        if (types == null) {
            return "a status that is not described";
        }
        if (answer.status() < 400) {
            return answer.status() == 204
                            || answer.header("Content-Type").matches("(application/json|text/event-stream).*")
                    ? null
                    : "a type that is not described";
        }
        boolean isV0 = request.operation().isV0() && answer.status() != OpenApiOperations.UNKNOWN_PATH;
        var expected = isV0 ? "application/json" : "application/problem+json";
        return hasProblem(answer, types) && answer.header("Content-Type").startsWith(expected)
                ? null
                : "a problem that is not described";
    }

    private static boolean hasProblem(RawHttp.Answer answer, Collection<String> types) {
        var type = answer.json().path("type").asString("");
        return answer.json().path("status").asInt(0) == answer.status()
                && !answer.json().path("detail").asString("").isBlank()
                && (types.isEmpty() ? type.startsWith("urn:ncw-relay:problem:") : types.contains(type));
    }
}
