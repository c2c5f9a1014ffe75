package dev.ncwrelay.local.layout;

import dev.ncwrelay.testkit.net.FreePort;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The loopback ports of the stack.
 *
 * @param fcm port of Firebase Cloud Messaging, which the simulator serves too
 * @param rabbitMq ports of RabbitMQ, if it is part of the stack
 * @param deliveryNodes ports of each node of delivery-service
 */
public record Ports(
        int kafka,
        int kafkaController,
        int registry,
        int registryManagement,
        int simulator,
        int fcm,
        int ingress,
        int ingressManagement,
        int rpc,
        int channel,
        int channelManagement,
        RabbitMq rabbitMq,
        List<Node> deliveryNodes) {

    /** Ports of one node: for clients, for health and metrics, and for the other nodes. */
    public record Node(int http, int management, int peer) {}

    /** Ports of RabbitMQ: for clients, for Erlang's distribution, and of Erlang's name server. */
    public record RabbitMq(int amqp, int distribution, int nameServer) {}

    public Ports {
        deliveryNodes = List.copyOf(deliveryNodes);
    }

    /** The documented ports, with one node of delivery-service. */
    public static Ports standard() {
        return standard(1);
    }

    /** The documented ports: those of node 2 are 8202, 8302 and 8402, and so on. */
    public static Ports standard(int deliveryNodes) {
        var further = IntStream.rangeClosed(2, deliveryNodes)
                .mapToObj(node -> new Node(8200 + node, 8300 + node, 8400 + node));
        return new Ports(
                9092,
                9093,
                8085,
                8086,
                8090,
                8091,
                8081,
                8181,
                8082,
                8084,
                8184,
                // Not Erlang's usual ports: a system's own RabbitMQ, even a stopped one, often has them.
                new RabbitMq(5672, 5673, 5674),
                Stream.concat(Stream.of(new Node(8080, 8180, 8083)), further).toList());
    }

    /** Ports that no program listens on now, for a second stack on this machine. */
    public static Ports free(int deliveryNodes) {
        return new Ports(
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                new RabbitMq(FreePort.next(), FreePort.next(), FreePort.next()),
                Stream.generate(() -> new Node(FreePort.next(), FreePort.next(), FreePort.next()))
                        .limit(deliveryNodes)
                        .toList());
    }

    /** The addresses of all nodes of delivery-service. */
    public List<URI> deliveryUrls() {
        return deliveryNodes.stream()
                .map(node -> URI.create("http://127.0.0.1:" + node.http()))
                .toList();
    }

    /** The port of the first node of delivery-service. */
    public int delivery() {
        return deliveryNodes.getFirst().http();
    }
}
