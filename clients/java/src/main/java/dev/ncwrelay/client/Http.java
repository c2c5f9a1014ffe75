package dev.ncwrelay.client;

import dev.ncwrelay.client.Answer.Body;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one device with the user's token. Each ends with its answer, its limit, an interrupt, the network that it uses, or
 * the client.
 */
final class Http {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final URI device;
    private final Tokens tokens;
    private final Timing timing;
    private final CompletableFuture<Void> closed;
    private final CompletableFuture<Void> over;
    private volatile HttpClient client;
    private volatile boolean isUsed;

    /** @param closed done when the client is closed */
    Http(HttpClient client, URI device, Tokens tokens, Timing timing, CompletableFuture<Void> closed) {
        this(client, device, tokens, timing, closed, closed);
    }

    private Http(
            HttpClient client,
            URI device,
            Tokens tokens,
            Timing timing,
            CompletableFuture<Void> closed,
            CompletableFuture<Void> over) {
        this.client = client;
        this.device = device;
        this.tokens = tokens;
        this.timing = timing;
        this.closed = closed;
        this.over = over;
    }

    /** The same, whose requests are given up when this is over. */
    Http during(Network.Use use) {
        isUsed = true;
        return new Http(client, device, tokens, timing, closed, use.over());
    }

    /** Later requests leave the idle connections alone, which may be dead. */
    synchronized void leaveIdleConnections() {
        if (isUsed) {
            // Java 17 cannot close the former one, whose thread ends when it is collected as garbage.
            client = newClient();
            isUsed = false;
        }
    }

    static HttpClient newClient() {
        return HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    }

    HttpClient client() {
        return client;
    }

    Tokens tokens() {
        return tokens;
    }

    /** The URL of a path below the device. */
    URI url(String path) {
        return URI.create(device + "/" + path);
    }

    /** The answer with its text; it is complete within the limit. */
    Answer<String> send(HttpRequest.Builder request, Duration limit) throws InterruptedException {
        return send(request, limit, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /**
     * The answer, if it is a success. A token that is refused is fetched anew, once.
     *
     * @throws RelayException in all other cases
     */
    <T> Answer<T> send(HttpRequest.Builder request, Duration limit, BodyHandler<T> onSuccess)
            throws InterruptedException {
        isUsed = true;
        for (int attempt = 0; ; attempt++) {
            var token = tokens.current();
            var authorized =
                    request.setHeader("Authorization", "Bearer " + token).build();
            var response = await(client.sendAsync(authorized, Answer.handler(onSuccess)), limit);
            if (response.body() instanceof Body.Expected<T> expected) {
                return new Answer<>(response.statusCode(), response.headers(), expected.body());
            }
            if (response.statusCode() == 401) {
                tokens.refused(token);
            }
            if (response.statusCode() != 401 || attempt > 0) {
                throw Answer.refusal(response);
            }
        }
    }

    /** A request for a path below the device. */
    HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(url(path));
        // Over plain HTTP the JDK would ask for HTTP/2 with headers that proxies reject.
        return device.getScheme().equals("http") ? request.version(HttpClient.Version.HTTP_1_1) : request;
    }

    /** The same with JSON. */
    HttpRequest.Builder post(String path, String json) {
        return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    /** The result of something asynchronous, which is cancelled when it does not come within the limit. */
    <T> T await(CompletableFuture<T> result, Duration limit) throws InterruptedException {
        try {
            CompletableFuture.anyOf(result, over).get(timing.limit(limit).toNanos(), TimeUnit.NANOSECONDS);
            if (!result.isDone()) {
                throw closed.isDone() ? RelayException.closed() : RelayException.network(null);
            }
            return result.get();
        } catch (TimeoutException e) {
            throw new RelayException("stalled", "no sign of life for " + limit.toMillis() + " ms", null);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (CancellationException e) {
            throw RelayException.network(e);
        } finally {
            result.cancel(true);
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return cause instanceof RelayException known ? known.again() : RelayException.network(cause);
    }
}
