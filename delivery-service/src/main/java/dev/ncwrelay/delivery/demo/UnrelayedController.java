package dev.ncwrelay.delivery.demo;

import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the demo backend does beyond carrying messages: accounts, assets, NFTs, Web3 connections, and new transactions. It
 * calls Fireblocks' REST API for them; a relay does not.
 */
@RestController
@RequestMapping("/api/devices/{deviceId}")
@ConditionalOnBooleanProperty("relay.delivery.demo-api.enabled")
class UnrelayedController {

    @RequestMapping({"/accounts/**", "/nfts/**", "/web3/**"})
    void refuse(@OwnDevice RegisteredDevice device) {
        throw notRelayed("accounts, assets, NFTs and Web3 connections");
    }

    @PostMapping("/transactions")
    void createTransaction(@OwnDevice RegisteredDevice device) {
        throw notRelayed("new transactions and fees");
    }

    @PostMapping("/transactions/{transactionId}/cancel")
    void cancelTransaction(@OwnDevice RegisteredDevice device) {
        throw notRelayed("cancelled transactions");
    }

    private static ErrorResponseException notRelayed(String what) {
        return Problem.of(
                HttpStatus.NOT_IMPLEMENTED,
                "not-relayed",
                "Not served by the relay",
                what + " are not served by the relay: the vendor's backend must ask Fireblocks' REST API for them",
                Map.of());
    }
}
