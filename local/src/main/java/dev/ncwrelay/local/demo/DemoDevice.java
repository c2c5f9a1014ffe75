package dev.ncwrelay.local.demo;

import java.util.Map;
import java.util.UUID;

/**
 * The device of the demo, with a new id and a new wallet.
 *
 * @param delivery base URL of delivery-service
 * @param user subject of the tokens that may act for it
 */
record DemoDevice(String delivery, String user, String deviceId, String walletId) {

    static DemoDevice create(String delivery, String user) {
        return new DemoDevice(
                delivery, user, UUID.randomUUID().toString(), UUID.randomUUID().toString());
    }

    String url() {
        return delivery + "/v1/devices/" + deviceId;
    }

    String poll() {
        return url() + "/messages:poll";
    }

    /** A webhook of a transaction of its wallet, as the simulator takes it. */
    String transaction(String status) {
        return "{\"type\":\"transaction.status.updated\",\"walletId\":\"" + walletId + "\",\"status\":\"" + status
                + "\"}";
    }

    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");
    }
}
