package dev.ncwrelay.local.stack;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.process.Component;
import dev.ncwrelay.local.process.LoopbackPort;
import dev.ncwrelay.local.process.ManagedProcess;
import dev.ncwrelay.local.process.PortInUseException;
import dev.ncwrelay.local.process.Probe;
import dev.ncwrelay.testkit.rabbitmq.RabbitMqNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** RabbitMQ's two processes. RabbitMQ asks channel-service about users. */
final class RabbitMqComponents {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final RunFolder folder;
    private final Ports ports;
    private final RabbitMqNode node;

    RabbitMqComponents(RunFolder folder, Ports ports) {
        this.folder = folder;
        this.ports = ports;
        var own = ports.rabbitMq();
        this.node = new RabbitMqNode(
                folder.data(Stack.RABBITMQ),
                own.amqp(),
                own.distribution(),
                own.nameServer(),
                0,
                URI.create("http://127.0.0.1:" + ports.channel() + "/rabbitmq/auth/"));
    }

    /** In start order. */
    List<Component> all() {
        var own = ports.rabbitMq();
        var nameServer = new Component(
                Stack.RABBITMQ_NAMES,
                own.nameServer(),
                node.nameServer(),
                Map.of(),
                null,
                Probe.tcp(own.nameServer()),
                GRACE);
        var server =
                new Component(Stack.RABBITMQ, own.amqp(), node.server(), Map.of(), null, Probe.tcp(own.amqp()), GRACE);
        return List.of(nameServer, server);
    }

    /** Why RabbitMQ cannot be a part of the stack, human-readable; empty when it can, or is one. */
    Optional<String> obstacle() {
        if (all().stream().anyMatch(component -> new ManagedProcess(component, folder).isExpected())) {
            return Optional.empty();
        }
        if (!RabbitMqNode.isInstalled()) {
            return Optional.of(RabbitMqNode.missing());
        }
        try {
            for (int port : List.of(node.port(), node.distributionPort(), node.nameServerPort())) {
                LoopbackPort.requireFree(Stack.RABBITMQ, port);
            }
            return Optional.empty();
        } catch (PortInUseException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /** Writes the configuration; call before it is started. */
    void configure() {
        node.configure();
    }
}
