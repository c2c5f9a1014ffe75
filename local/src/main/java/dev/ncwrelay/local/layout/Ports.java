package dev.ncwrelay.local.layout;

import dev.ncwrelay.testkit.kafka.FreePort;

/** The loopback ports of the stack. */
public record Ports(
        int kafka,
        int kafkaController,
        int registry,
        int registryManagement,
        int simulator,
        int ingress,
        int rpc,
        int delivery,
        int deliveryPeer) {

    /** The documented ports. */
    public static Ports standard() {
        return new Ports(9092, 9093, 8085, 8086, 8090, 8081, 8082, 8080, 8083);
    }

    /** Ports that nobody listens on just now, for a stack beside another one. */
    public static Ports free() {
        return new Ports(
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next());
    }
}
