package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.process.Probe;
import dev.ncwrelay.local.stack.StackFailedException;
import java.util.LinkedHashMap;

/** The containers of docker-compose.yml, which publish the ports that the local stack has. */
final class ComposeStack {

    private ComposeStack() {}

    /** @throws StackFailedException naming the first part that is not ready */
    static void requireReady(Ports ports) throws InterruptedException {
        var health = new LinkedHashMap<String, String>();
        health.put("simulator", ":" + ports.simulator() + "/simulator/health");
        health.put("ingress-service", ":" + ports.ingressManagement() + "/actuator/health/readiness");
        health.put("rpc-service", ":" + ports.rpc() + "/actuator/health/readiness");
        health.put(
                "delivery-service", ":" + ports.deliveryNodes().getFirst().management() + "/actuator/health/readiness");
        health.put("channel-service", ":" + ports.channelManagement() + "/actuator/health/readiness");
        for (var part : health.entrySet()) {
            var url = "http://127.0.0.1" + part.getValue();
            if (!Probe.http(url).isReady()) {
                throw new StackFailedException(part.getKey() + " is not ready (" + url
                        + "): start the containers with docker compose up --wait");
            }
        }
    }
}
