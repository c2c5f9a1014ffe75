package dev.ncwrelay.bench.system;

import dev.ncwrelay.bench.http.Connections;
import dev.ncwrelay.bench.http.Request;
import dev.ncwrelay.bench.screen.Screen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Registers devices, as the wallet vendor's backend does. */
public final class Registration {

    private static final int AT_ONCE = 16;
    private static final int CREATED = 201;
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);

    private final RunningSystem system;
    private final Screen screen;
    private final String backend;

    public Registration(RunningSystem system, Screen screen) {
        this.system = system;
        this.screen = screen;
        this.backend = token("backend", "devices:write");
    }

    /** So many new devices. */
    public List<Device> register(int count) {
        var done = new AtomicInteger();
        try (var connections = new Connections(system.deliveryPort());
                var threads =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
                var _ = screen.watch(() -> done + " of " + count + " devices registered")) {
            return Stream.generate(() -> CompletableFuture.supplyAsync(() -> register(connections, done), threads))
                    .limit(count)
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }

    private Device register(Connections connections, AtomicInteger done) {
        var user = "user-" + UUID.randomUUID();
        var device = new Device(UUID.randomUUID().toString(), UUID.randomUUID().toString(), token(user, ""));
        var body = "{\"walletId\":\"" + device.walletId() + "\",\"userId\":\"" + user + "\"}";
        var request = Request.put(
                "/v1/devices/" + device.id(), Map.of("Authorization", backend), body.getBytes(StandardCharsets.UTF_8));
        try {
            var answer = connections.send(request);
            if (answer.status() != CREATED) {
                throw new IllegalStateException(
                        "a registration was answered " + answer.status() + ": " + answer.text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a device cannot be registered", e);
        }
        done.incrementAndGet();
        return device;
    }

    private String token(String subject, String scopes) {
        return "Bearer "
                + system.fireblocks()
                        .oidc()
                        .tokenFor(subject)
                        .scope(scopes)
                        .lifetime(TOKEN_LIFETIME)
                        .issue();
    }
}
