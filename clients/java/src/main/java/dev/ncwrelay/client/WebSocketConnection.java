package dev.ncwrelay.client;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;

/** One WebSocket. The JDK sends the token as a header, so no ticket is needed. */
final class WebSocketConnection implements Connection {

    private static final String PROTOCOL = "ncw.relay.v1+json";
    private static final Duration OPEN = Duration.ofSeconds(10);

    @Override
    public Duration follow(Link link) throws InterruptedException, PathFaultException {
        var events = new LinkedBlockingQueue<SocketEvent>();
        var listener = new SocketListener(events);
        var unused = link.use().over().thenRun(() -> events.add(new SocketEvent.Failed(null)));
        var token = link.http().tokens().current();
        WebSocket socket;
        try {
            socket = link.http()
                    .await(
                            link.http()
                                    .client()
                                    .newWebSocketBuilder()
                                    .header("Authorization", "Bearer " + token)
                                    .subprotocols(PROTOCOL)
                                    .buildAsync(url(link), listener),
                            OPEN);
        } catch (RelayException failure) {
            listener.abandon();
            if (failure.getCause() instanceof WebSocketHandshakeException refused) {
                return refused(link, refused, token);
            }
            throw new PathFaultException(failure);
        } catch (InterruptedException e) {
            listener.abandon();
            throw e;
        }
        return new SocketSession(link, socket, events).run();
    }

    private static URI url(Link link) {
        return URI.create(link.http().url("ws").toString().replaceFirst("^http", "ws"));
    }

    /** The JDK does not show the body of a refusal: a poll that does not wait is refused for the same reason. */
    private static Duration refused(Link link, WebSocketHandshakeException refused, String token)
            throws InterruptedException, PathFaultException {
        var response = refused.getResponse();
        int status = response.statusCode();
        if (status / 100 == 2) {
            // A proxy's page.
            throw new PathFaultException(new RelayException("malformed", "the answer is no WebSocket", refused));
        }
        var failure = Problem.of(status, "", RetryAfter.of(response.headers(), Clock.systemUTC()));
        if (status == 401) {
            link.http().tokens().refused(token);
        } else if (failure.isTransient()) {
            throw failure;
        }
        link.http().send(link.http().request("messages?wait=0&limit=1&after=latest"), OPEN);
        if (status == 401) {
            return Duration.ZERO;
        }
        throw new PathFaultException(failure);
    }
}
