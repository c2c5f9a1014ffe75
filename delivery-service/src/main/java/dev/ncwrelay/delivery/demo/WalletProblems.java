package dev.ncwrelay.delivery.demo;

import dev.ncwrelay.delivery.demo.user.DemoApiSettings;
import dev.ncwrelay.delivery.demo.wallet.WalletAnswer;
import dev.ncwrelay.delivery.problem.Problem;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** The response to each answer about a wallet. */
final class WalletProblems {

    private WalletProblems() {}

    /** What was found; throws the problem otherwise. */
    static <T> T found(WalletAnswer<T> answer) {
        return switch (answer) {
            case WalletAnswer.Found<T>(var value) -> value;
            case WalletAnswer.Missing<T>() -> throw noBackup("no backup of this wallet is known");
            case WalletAnswer.Failed<T>(var cause) -> throw failed(cause);
            case WalletAnswer.Busy<T>() -> throw Problem.unavailable("too many requests about wallets are running");
            case WalletAnswer.NotConfigured<T>() ->
                throw Problem.of(
                        HttpStatus.NOT_IMPLEMENTED,
                        "wallets-not-configured",
                        "No source of wallets configured",
                        "the relay has no account that may create wallets: the operator must set "
                                + DemoApiSettings.WALLETS_URL
                                + ", or the vendor's backend must register the device with PUT /v1/devices/{deviceId}",
                        Map.of());
        };
    }

    /** The address of wallets gave an answer that cannot be used, or none. */
    static ErrorResponseException failed(String cause) {
        return Problem.of(
                HttpStatus.BAD_GATEWAY,
                "wallets-failed",
                "No answer about the wallet",
                "the address of wallets gave no usable answer: " + cause,
                Map.of());
    }

    static ErrorResponseException noBackup(String detail) {
        return Problem.of(HttpStatus.NOT_FOUND, "no-backup", "Backup not found", detail, Map.of());
    }
}
