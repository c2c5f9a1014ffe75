package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.http.Connections;
import dev.ncwrelay.bench.load.Tally;
import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.Device;
import dev.ncwrelay.bench.system.Registration;
import dev.ncwrelay.bench.system.RunningSystem;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/** From an app's call, by delivery-service, Kafka and rpc-service, to a Fireblocks that answers at once, and back. */
final class RpcMeasurement {

    private static final int OK = 200;
    /** About what a message of one round of a signature has. */
    private static final int PAYLOAD_BYTES = 1_000;

    private final RunningSystem system;
    private final Plan plan;
    private final Screen screen;
    private final String body = JsonMapper.shared().writeValueAsString(Map.of("message", payload()));

    RpcMeasurement(RunningSystem system, Plan plan, Screen screen) {
        this.system = system;
        this.plan = plan;
        this.screen = screen;
    }

    Result run() throws InterruptedException {
        var answer = InvokeAnswer.result("r".repeat(PAYLOAD_BYTES));
        system.fireblocks().invoke().answerWith(_ -> answer);
        Floor.prepare(system);
        var devices = new Registration(system, screen).register(plan.devices());
        var floorRecords = List.of(body.getBytes(StandardCharsets.UTF_8));
        try (var connections = new Connections(system.deliveryPort());
                var calls = Executors.newVirtualThreadPerTaskExecutor()) {
            var load = new SteadyLoad(system, plan, plan.rpcRate(), screen);
            return load.run(
                    "rpc",
                    plan.rpcRate() + " calls a second of " + plan.devices() + " devices, " + PAYLOAD_BYTES
                            + " bytes there and back",
                    "call to answer",
                    floorRecords,
                    index -> calls.execute(
                            () -> call(connections, devices.get(index % devices.size()), load.tally(), index)));
        }
    }

    private void call(Connections connections, Device device, Tally tally, int index) {
        try {
            var answer = connections.send(device.rpc(UUID.randomUUID().toString(), body));
            if (answer.status() == OK) {
                tally.arrived(index, answer.cameAtNanos());
            } else {
                tally.failed("a call was answered " + answer.status() + ": " + answer.text());
            }
        } catch (IOException e) {
            tally.failed("a call has no answer: " + e);
        }
    }

    /** As the SDK emits it. */
    private static String payload() {
        return "{\"method\":\"broadcast_mpc_msg\",\"headers\":{\"sdkVersion\":\"12.5.6\",\"mpcVersion\":6,"
                + "\"physicalDeviceId\":\"bench\",\"platformType\":\"Web\"},\"message\":\"" + "p".repeat(PAYLOAD_BYTES)
                + "\"}";
    }
}
