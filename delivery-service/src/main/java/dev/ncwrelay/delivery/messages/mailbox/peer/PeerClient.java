package dev.ncwrelay.delivery.messages.mailbox.peer;

import dev.ncwrelay.delivery.messages.mailbox.MailboxQuery;
import dev.ncwrelay.delivery.messages.mailbox.StoredPage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Queries another node, with a timeout of two seconds, after which the next node is queried. */
final class PeerClient {

    private static final Logger log = LoggerFactory.getLogger(PeerClient.class);
    private static final int OK = 200;
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final PeerSecret secret;
    private final JsonMapper json;

    PeerClient(PeerSecret secret, JsonMapper json) {
        this.secret = secret;
        this.json = json;
    }

    /** Sends a query; empty when the node has no copy or does not answer. */
    Optional<StoredPage> send(HostInfo host, MailboxQuery query) {
        var uri = URI.create("http://" + host.host() + ":" + host.port() + query.path());
        var request = HttpRequest.newBuilder(uri)
                .header("Authorization", secret.header())
                .build();
        // The timeout of HttpRequest covers only the time until the response headers.
        var exchange = http.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            var answer = exchange.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() == OK) {
                return Optional.of(json.readValue(answer.body(), PeerPage.class).page());
            }
            log.atInfo()
                    .addKeyValue("peer", host)
                    .addKeyValue("status", answer.statusCode())
                    .log("peer has no copy");
        } catch (ExecutionException | TimeoutException | JacksonException e) {
            log.atInfo().addKeyValue("peer", host).addKeyValue("reason", e).log("peer unreachable");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Closes the connection if the response is not complete.
            exchange.cancel(true);
        }
        return Optional.empty();
    }
}
