package dev.ncwrelay.testkit.fireblocks;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.http.TimerDelay;
import dev.ncwrelay.testkit.invoke.ApiRole;
import dev.ncwrelay.testkit.invoke.ApiUser;
import dev.ncwrelay.testkit.invoke.InvokeApi;
import dev.ncwrelay.testkit.keys.JwksEndpoint;
import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKeys;
import dev.ncwrelay.testkit.oidc.OidcIssuer;
import dev.ncwrelay.testkit.webhook.Webhooks;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Fireblocks on 127.0.0.1: the invoke RPC, webhooks that are really signed, the keys that verify them and, beside
 * what Fireblocks has, an issuer for the users of devices. All of it is real HTTP and real cryptography. Safe for use
 * by any number of threads.
 */
public final class FakeFireblocks implements AutoCloseable {
    private final TimerDelay timer = new TimerDelay("fake-fireblocks-timer");
    private final Interruptions interruptions = new Interruptions();
    private final SigningKeys keys = SigningKeys.ofFireblocks("webhook-key", RsaAlgorithm.RS512);
    private final SigningKeys legacyKeys = SigningKeys.ofFireblocks("legacy-key", RsaAlgorithm.RS512);
    private final JwksEndpoint jwks = new JwksEndpoint(keys, "/.well-known/jwks.json");
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final InvokeApi invoke;
    private final Webhooks webhooks;
    private final LocalServer server;
    private final OidcIssuer oidc;
    private @Nullable ApiUser apiUser;

    private FakeFireblocks(String address, int port, Clock clock) {
        invoke = new InvokeApi(clock);
        webhooks = Webhooks.using(client, timer, clock, keys::current, legacyKeys::current);
        server = LocalServer.bind(address, port, interruptions, timer);
        oidc = new OidcIssuer(clock, server.url());
    }

    /** Starts one on any free port. */
    public static FakeFireblocks start() {
        return settings().start();
    }

    /** What can be chosen before the start. */
    public static Settings settings() {
        return new Settings();
    }

    /** {@code http://127.0.0.1:port} without a slash at the end, in place of Fireblocks' API address. */
    public URI url() {
        return server.url();
    }

    /** An API user that may invoke. It is created on first use. */
    public synchronized ApiUser apiUser() {
        if (apiUser == null) {
            apiUser = ApiUser.generate(ApiRole.NCW_SIGNER);
            invoke.register(apiUser.registered());
        }
        return apiUser;
    }

    /** The invoke RPC: what it answers and what it was asked. */
    public InvokeApi invoke() {
        return invoke;
    }

    /** Signs and sends webhooks. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** The keys that sign webhooks by JWS. */
    public SigningKeys keys() {
        return keys;
    }

    /** Where those keys are published; can be made to fail. */
    public JwksEndpoint jwks() {
        return jwks;
    }

    /** The address of those keys. */
    public URI jwksUri() {
        return URI.create(url() + jwks.path());
    }

    /** The public half of the key that makes the legacy signature. */
    public String legacyKeyPem() {
        return Pem.publicKey(legacyKeys.current().publicKey());
    }

    /** The issuer for the users of devices. */
    public OidcIssuer oidc() {
        return oidc;
    }

    /** Connections and requests to be ended before they are read. */
    public Interruptions interruptions() {
        return interruptions;
    }

    /** Stops at once. Held calls end without an answer, and webhooks that wait for their next attempt are dropped. */
    @Override
    public void close() {
        timer.close();
        server.close();
        client.shutdownNow();
    }

    /** Fireblocks' answer to an unknown path. */
    public static Answer unknownRoute(Received request) {
        var body = new LinkedHashMap<String, Object>();
        body.put("errorCode", "UNKNOWN");
        body.put("errorMessage", "Cannot " + request.method() + " " + request.path());
        return Answer.json(404, body);
    }

    /** Options before the start; by default any free port and the system's clock. */
    public static final class Settings {
        private String address = "127.0.0.1";
        private int port;
        private Clock clock = Clock.systemUTC();
        private Function<FakeFireblocks, List<Route>> routes = _ -> List.of();
        private Function<Received, Answer> otherwise = FakeFireblocks::unknownRoute;

        private Settings() {}

        /** The address to listen on, where 127.0.0.1 is not reached: in a container. {@link #url} stays the same. */
        public Settings address(String address) {
            this.address = address;
            return this;
        }

        public Settings port(int port) {
            this.port = port;
            return this;
        }

        /** The clock by which tokens are checked and issued. */
        public Settings clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Further routes on the same port. */
        public Settings routes(Function<FakeFireblocks, List<Route>> routes) {
            this.routes = routes;
            return this;
        }

        /** Answers paths without a route; by default {@link FakeFireblocks#unknownRoute}. */
        public Settings otherwise(Function<Received, Answer> answer) {
            this.otherwise = answer;
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws IllegalStateException if the port is in use
         */
        public FakeFireblocks start() {
            var fireblocks = new FakeFireblocks(address, port, clock);
            var all = new ArrayList<Route>();
            all.add(fireblocks.invoke.route());
            all.add(fireblocks.jwks.route());
            all.addAll(fireblocks.oidc.routes());
            all.addAll(routes.apply(fireblocks));
            fireblocks.server.serve(all, otherwise);
            return fireblocks;
        }
    }
}
