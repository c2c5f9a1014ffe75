package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Distinguishable requests of many devices, of all methods, with response times of all lengths. */
final class MixedLoad {

    private static final int DEVICES = 300;
    private static final List<String> REPEATABLE = List.of("poll_mpc_msg", "broadcast_mpc_msg", "get_all_keys");
    private static final List<String> UNREPEATABLE = List.of("ack_mpc_msg", "enroll_player", "request_mpc_setup");

    private final RequestLog log;
    private final Random random;
    private final String prefix = UUID.randomUUID().toString();
    private final List<String> requests = new ArrayList<>();
    private final Map<String, Integer> executions = new ConcurrentHashMap<>();

    MixedLoad(FakeFireblocks fireblocks, RequestLog log, long seed, Duration longest) {
        this.log = log;
        this.random = new Random(seed);
        fireblocks.invoke().when(call -> call.deviceId().startsWith(prefix), call -> {
            if (UNREPEATABLE.contains(call.method())) {
                executions.merge(call.payload(), 1, Integer::sum);
            }
            return InvokeAnswer.echo(call.payload())
                    .heldFor(longest.multipliedBy(Math.floorMod(call.payload().hashCode(), 100))
                            .dividedBy(100));
        });
    }

    void send(int count, Duration deadline) {
        for (int i = 0; i < count; i++) {
            var methods = random.nextBoolean() ? REPEATABLE : UNREPEATABLE;
            var method = methods.get(random.nextInt(methods.size()));
            var payload = "{\"method\":\"" + method + "\",\"params\":[{\"txId\":\"" + UUID.randomUUID() + "\"}]}";
            requests.add(log.send(
                    prefix + "-" + random.nextInt(DEVICES),
                    payload,
                    Instant.now().plus(deadline)));
        }
    }

    List<String> requests() {
        return requests;
    }

    /** How often Fireblocks executed each payload of a non-repeatable method. */
    Map<String, Integer> executionsOfUnrepeatable() {
        return Map.copyOf(executions);
    }

    Map<RpcOutcome, Integer> outcomes() {
        var outcomes = new EnumMap<RpcOutcome, Integer>(RpcOutcome.class);
        requests.forEach(id -> outcomes.merge(log.reply(id).reply().getOutcome(), 1, Integer::sum));
        return outcomes;
    }
}
