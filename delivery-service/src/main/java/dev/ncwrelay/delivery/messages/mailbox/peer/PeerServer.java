package dev.ncwrelay.delivery.messages.mailbox.peer;

import dev.ncwrelay.delivery.messages.mailbox.MailboxQuery;
import dev.ncwrelay.delivery.messages.mailbox.StoredPage;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves this node's mailboxes to other nodes on a port of its own. Without a copy it answers 421 (Misdirected Request,
 * RFC 9110 section 15.5.20), never an empty page.
 */
final class PeerServer implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;

    PeerServer(
            PeerSettings settings,
            PeerSecret secret,
            JsonMapper json,
            Function<MailboxQuery, Optional<StoredPage>> copies)
            throws Exception {
        var threads = new QueuedThreadPool(16, 4);
        threads.setName("peer");
        threads.setDaemon(true);
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1);
        connector.setHost(settings.address());
        connector.setPort(settings.port());
        server.addConnector(connector);
        server.setHandler(new QueryHandler(secret, json, copies));
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the peer port cannot be closed", e);
        }
    }

    private static final class QueryHandler extends Handler.Abstract {

        private final PeerSecret secret;
        private final JsonMapper json;
        private final Function<MailboxQuery, Optional<StoredPage>> copies;

        private QueryHandler(PeerSecret secret, JsonMapper json, Function<MailboxQuery, Optional<StoredPage>> copies) {
            this.secret = secret;
            this.json = json;
            this.copies = copies;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!secret.matches(request.getHeaders().get(HttpHeader.AUTHORIZATION))) {
                return refuse(response, HttpStatus.UNAUTHORIZED_401, callback);
            }
            var uri = request.getHttpURI();
            var query = MailboxQuery.parse(
                    uri.getPath(), Optional.ofNullable(uri.getQuery()).orElse(""));
            if (query.isEmpty()) {
                return refuse(response, HttpStatus.BAD_REQUEST_400, callback);
            }
            var page = copies.apply(query.get());
            if (page.isEmpty()) {
                return refuse(response, HttpStatus.MISDIRECTED_REQUEST_421, callback);
            }
            var body = json.writeValueAsBytes(PeerPage.of(page.get()));
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, java.nio.ByteBuffer.wrap(body), callback);
            return true;
        }

        private static boolean refuse(Response response, int status, Callback callback) {
            response.setStatus(status);
            Content.Sink.write(response, true, "", callback);
            return true;
        }
    }
}
