package dev.ncwrelay.delivery.demo.wallet;

import dev.ncwrelay.delivery.device.registration.Registration;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two operations of Fireblocks' REST API, {@code POST /v1/ncw/wallets} and {@code GET
 * /v1/ncw/wallets/{walletId}/backup/latest}, at an address in place of the first one. Requests are not signed: the
 * server at that address signs them for Fireblocks. No thread waits, and every request ends within ten seconds.
 *
 * @see <a href="https://github.com/fireblocks/java-sdk/blob/main/docs/EmbeddedWalletsApi.md">both operations</a>
 */
public final class Wallets {

    private static final Logger log = LoggerFactory.getLogger(Wallets.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_REQUESTS = 64;
    private static final long MAX_ANSWER_BYTES = 64 * 1024;

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NOT_FOUND = 404;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final Semaphore requests = new Semaphore(MAX_REQUESTS);
    private final @Nullable URI wallets;

    /** @param wallets the address in place of {@code /v1/ncw/wallets}; null for none */
    public Wallets(@Nullable URI wallets) {
        this.wallets = wallets;
    }

    /**
     * Creates a wallet and returns its id.
     *
     * @param idempotencyKey the same key gets the same wallet, at Fireblocks for 24 hours
     */
    public CompletableFuture<WalletAnswer<String>> create(String idempotencyKey) {
        if (wallets == null) {
            return CompletableFuture.completedFuture(new WalletAnswer.NotConfigured<>());
        }
        var request = HttpRequest.newBuilder(wallets)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString("{}"));
        return send(request, answer -> text(answer.path("walletId")).filter(Registration::isId))
                // Not the address of wallets.
                .thenApply(answer ->
                        answer instanceof WalletAnswer.Missing<String> ? failed("status " + NOT_FOUND) : answer);
    }

    /** The latest backup of a wallet. */
    public CompletableFuture<WalletAnswer<WalletBackup>> latestBackup(String walletId) {
        if (wallets == null) {
            return CompletableFuture.completedFuture(new WalletAnswer.NotConfigured<>());
        }
        // The + of a form would be a plus in a path; ids have neither.
        var segment = URLEncoder.encode(walletId, StandardCharsets.UTF_8);
        var address = URI.create(wallets.toString().replaceAll("/$", "") + "/" + segment + "/backup/latest");
        return send(HttpRequest.newBuilder(address), Wallets::backup);
    }

    private <T> CompletableFuture<WalletAnswer<T>> send(
            HttpRequest.Builder request, Function<JsonNode, Optional<T>> reader) {
        if (!requests.tryAcquire()) {
            return CompletableFuture.completedFuture(new WalletAnswer.Busy<>());
        }
        var exchange =
                http.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        // The timeout of HttpRequest covers only the time until the response headers.
        return exchange.copy()
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    // Closes the connection if the response is not complete.
                    exchange.cancel(true);
                    requests.release();
                    return failure == null ? read(response, reader) : failed(cause(failure));
                });
    }

    private static <T> WalletAnswer<T> read(HttpResponse<byte[]> response, Function<JsonNode, Optional<T>> reader) {
        int status = response.statusCode();
        if (status == NOT_FOUND) {
            return new WalletAnswer.Missing<>();
        }
        if (status != OK && status != CREATED) {
            return failed("status " + status);
        }
        try {
            var found = reader.apply(JsonMapper.shared().readTree(response.body()));
            return found.<WalletAnswer<T>>map(WalletAnswer.Found::new)
                    .orElseGet(() -> failed("an answer without the expected members"));
        } catch (JacksonException notJson) {
            return failed("an answer that is not JSON");
        }
    }

    private static <T> WalletAnswer<T> failed(String cause) {
        log.atWarn().addKeyValue("reason", cause).log("no answer about a wallet");
        return new WalletAnswer.Failed<>(cause);
    }

    /** Without the message, which may have the address. */
    private static String cause(Throwable failure) {
        var root = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        return "no answer: " + root.getClass().getSimpleName();
    }

    private static Optional<WalletBackup> backup(JsonNode answer) {
        var createdAt = answer.path("createdAt");
        return text(answer.path("passphraseId"))
                .filter(_ -> createdAt.isIntegralNumber() && createdAt.canConvertToLong())
                .flatMap(passphraseId -> text(answer.path("keys").path(0).path("deviceId"))
                        .map(deviceId -> new WalletBackup(passphraseId, createdAt.longValue(), deviceId)));
    }

    private static Optional<String> text(JsonNode member) {
        return member.isString() ? Optional.of(member.stringValue()) : Optional.empty();
    }
}
