package dev.ncwrelay.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One device's connection to the relay. Safe for use by several threads. */
public final class RelayClient implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final Duration RPC_TIMEOUT = Duration.ofSeconds(60);

    private final ClientContext context;
    private final boolean isOwnHttpClient;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Set<MessageStream> streams = ConcurrentHashMap.newKeySet();

    private RelayClient(Builder builder) {
        var base = builder.baseUrl.toString().replaceAll("/+$", "");
        var device = URI.create(base + "/v1/devices/" + builder.deviceId);
        var timing = builder.timing;
        this.isOwnHttpClient = builder.httpClient == null;
        var client = builder.httpClient == null ? Http.newClient() : builder.httpClient;
        var http = new Http(client, device, new Tokens(builder.tokens), timing, closed);
        this.context =
                new ClientContext(http, builder.consumer, new TransportChoice(timing), new Network(), timing, closed);
    }

    /**
     * A client of one device.
     *
     * @param baseUrl the URL of delivery-service, or of the load balancer in front of it; a path is kept
     * @param deviceId the id that the app gave the device
     * @param tokens access tokens of the device's user
     */
    public static Builder builder(URI baseUrl, String deviceId, TokenSupplier tokens) {
        return new Builder(baseUrl, deviceId, tokens);
    }

    /**
     * Begins to receive the messages of the device. The stream must be closed.
     *
     * @throws RelayException {@code closed} when this client was closed
     */
    public MessageStream messages(MessageOptions options) {
        var stream = new MessageStream(context, options, streams::remove);
        streams.add(stream);
        if (closed.isDone()) {
            stream.close();
            throw RelayException.closed();
        }
        stream.start();
        return stream;
    }

    /** The same as {@link #rpc(String, Duration)} with a minute. */
    public String rpc(String payload) throws InterruptedException {
        return rpc(payload, RPC_TIMEOUT);
    }

    /**
     * Sends a payload of the SDK to Fireblocks and returns the answer as it came, Fireblocks' errors included. A lost
     * connection repeats the request with the same request id, so that nothing runs twice.
     *
     * @param timeout how long to wait for the answer, at most 110 s: a request that is repeated when the relay has
     *     forgotten its id could run twice
     * @throws RelayException with the relay's code when there is no answer of Fireblocks, {@code timeout} when the time is
     *     over, {@code closed}
     * @throws InterruptedException when the thread was interrupted; the call itself goes on at the relay
     */
    public String rpc(String payload, Duration timeout) throws InterruptedException {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(RpcCall.MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("a timeout of at most " + RpcCall.MAX_TIMEOUT + " is expected");
        }
        return new RpcCall(context, payload, timeout).answer();
    }

    /**
     * The device is online again, or on another network; an Android app calls it from its network callback. Ends waits for the
     * next attempt, except those that the relay has asked for, and replaces connections, which may be dead: streams and calls go
     * on where they are. Idle connections of an HTTP client that was given stay as they are. Does not block.
     */
    public void wake() {
        context.choice().forget();
        if (isOwnHttpClient) {
            context.http().leaveIdleConnections();
        }
        context.network().changed();
    }

    /** Ends all streams and calls. An HTTP client that was given stays usable. */
    @Override
    public void close() {
        List.copyOf(streams).forEach(MessageStream::close);
        closed.complete(null);
        context.network().close();
        // Those that were opened meanwhile.
        List.copyOf(streams).forEach(MessageStream::close);
    }

    /** How to reach the relay. */
    public static final class Builder {

        private final URI baseUrl;
        private final String deviceId;
        private final TokenSupplier tokens;
        private @Nullable String consumer;
        private @Nullable HttpClient httpClient;
        private Timing timing = new SystemTiming();

        private Builder(URI baseUrl, String deviceId, TokenSupplier tokens) {
            if (baseUrl.getScheme() == null || !baseUrl.getScheme().matches("https?")) {
                throw new IllegalArgumentException("a URL with http or https is expected");
            }
            this.baseUrl = baseUrl;
            this.deviceId = named(deviceId);
            this.tokens = tokens;
        }

        /**
         * A name for one of several independent readers of the device. Of two connections with the same name the newer
         * wins. With Fireblocks' SDK 7 and older it is the physicalDeviceId, so that messages for other installations are
         * left out.
         */
        public Builder consumer(String name) {
            this.consumer = named(name);
            return this;
        }

        /** The HTTP client to use, and to share with others; by default one of this client's own. */
        public Builder httpClient(HttpClient client) {
            this.httpClient = client;
            return this;
        }

        Builder timing(Timing other) {
            this.timing = other;
            return this;
        }

        /** The client, which does nothing before it is used. */
        public RelayClient build() {
            return new RelayClient(this);
        }

        private static String named(String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("1 to 128 letters, digits or ._:- are expected");
            }
            return name;
        }
    }
}
