package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.invoke.ApiRole;
import dev.ncwrelay.testkit.invoke.ApiUser;
import dev.ncwrelay.testkit.invoke.RegisteredUser;
import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.playground.Playground;
import dev.ncwrelay.testkit.webhook.SignatureMode;
import dev.ncwrelay.testkit.webhook.Webhooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** A fake Fireblocks with a control API beside it, on one port, and a fake Firebase Cloud Messaging on another if it is wanted. */
final class Simulator implements AutoCloseable {
    private final FakeFireblocks fireblocks;
    private final Optional<FakeFcm> fcm;
    private final Optional<Playground> playground;

    private Simulator(FakeFireblocks fireblocks, Optional<FakeFcm> fcm, Optional<Playground> playground) {
        this.fireblocks = fireblocks;
        this.fcm = fcm;
        this.playground = playground;
    }

    /**
     * Writes or reads the credentials, then starts serving.
     *
     * @throws IllegalStateException if a port is in use
     * @throws IllegalArgumentException if a file in the folder of credentials is not what its name says
     * @throws UncheckedIOException if a file cannot be read or written
     */
    static Simulator start(SimulatorSettings settings) {
        // Before the port answers, so that who sees it answer finds the files.
        var users = users(settings);
        var fcm = settings.fcm().map(own -> FakeFcm.start(settings.address(), own.port(), own.credentials()));
        var playground = settings.playground().map(Playground::new);
        var fireblocks = FakeFireblocks.settings()
                .address(settings.address())
                .port(settings.port())
                .routes(started -> prepared(started, fcm, playground, users, settings))
                .otherwise(Simulator::unknownRoute)
                .start();
        return new Simulator(fireblocks, fcm, playground);
    }

    URI url() {
        return fireblocks.url();
    }

    @Override
    public void close() {
        fireblocks.close();
        fcm.ifPresent(FakeFcm::close);
        playground.ifPresent(Playground::close);
    }

    private static List<RegisteredUser> users(SimulatorSettings settings) {
        var users = new ArrayList<RegisteredUser>();
        settings.credentials()
                .ifPresent(folder ->
                        users.add(ApiUser.keptIn(folder, ApiRole.NCW_SIGNER).registered()));
        settings.knownUser().ifPresent(user -> {
            var key = Pem.parsePublicKey(read(user.publicKey()));
            users.add(new RegisteredUser(user.apiKey(), key, ApiRole.NCW_SIGNER));
        });
        return users;
    }

    private static List<Route> prepared(
            FakeFireblocks fireblocks,
            Optional<FakeFcm> fcm,
            Optional<Playground> playground,
            List<RegisteredUser> users,
            SimulatorSettings settings) {
        users.forEach(fireblocks.invoke()::register);
        if (settings.signature() != SignatureMode.JWS) {
            settings.credentials()
                    .ifPresent(folder -> write(folder.resolve("legacy-webhook-key.pem"), fireblocks.legacyKeyPem()));
        }
        var webhooks = fireblocks
                .webhooks()
                .to(settings.webhookTarget())
                .signing(settings.signature())
                .retrying(settings.retries());
        var routes = new ArrayList<Route>();
        routes.add(Control.route("GET", "/simulator/health", _ -> health(fireblocks, fcm, webhooks)));
        routes.addAll(ControlApi.routes(fireblocks, webhooks));
        fcm.ifPresent(messaging -> routes.addAll(new PushControl(messaging).routes()));
        playground.ifPresent(page -> routes.addAll(page.routes(fireblocks)));
        return routes;
    }

    private static Answer health(FakeFireblocks fireblocks, Optional<FakeFcm> fcm, Webhooks webhooks) {
        var health = new LinkedHashMap<String, Object>();
        health.put("status", "UP");
        health.put("webhookTarget", webhooks.target().orElseThrow().toString());
        health.put("jwks", fireblocks.jwksUri().toString());
        health.put("issuer", fireblocks.oidc().issuer());
        fcm.ifPresent(messaging -> health.put("fcm", messaging.url().toString()));
        return Answer.json(200, health);
    }

    private static Answer unknownRoute(Received received) {
        return received.path().startsWith("/simulator")
                ? Control.unknownRoute(received)
                : FakeFireblocks.unknownRoute(received);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
