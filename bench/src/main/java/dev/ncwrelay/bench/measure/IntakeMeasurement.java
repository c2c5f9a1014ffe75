package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.http.Connections;
import dev.ncwrelay.bench.load.Latencies;
import dev.ncwrelay.bench.report.Figure;
import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.Registration;
import dev.ncwrelay.bench.system.RunningSystem;
import dev.ncwrelay.bench.system.SignedWebhooks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** How many signed webhooks ingress-service accepts a second when each connection sends as soon as it is answered. */
final class IntakeMeasurement {

    private static final int OK = 200;
    private static final double NANOS = 1e9;

    private final RunningSystem system;
    private final Plan plan;
    private final Screen screen;
    private final AtomicInteger refused = new AtomicInteger();

    IntakeMeasurement(RunningSystem system, Plan plan, Screen screen) {
        this.system = system;
        this.plan = plan;
        this.screen = screen;
    }

    Result run() {
        var devices = new Registration(system, screen).register(plan.devices());
        var webhooks = new SignedWebhooks(system.fireblocks(), devices, plan.webhooks(), screen);
        send(webhooks, 0, plan.warmWebhooks(), new Latencies());
        refused.set(0);
        var answers = new Latencies();
        var use = new ProcessorUse(system);
        long began = System.nanoTime();
        send(webhooks, plan.warmWebhooks(), plan.webhooks(), answers);
        double seconds = (System.nanoTime() - began) / NANOS;
        var figures = new ArrayList<>(List.of(
                Figure.of("accepted", answers.count() / seconds, "a second"),
                Figure.of("answer, median", answers.percentile(50), "ms"),
                Figure.of("answer, 99th percentile", answers.percentile(99), "ms"),
                Figure.fault("refused or broken", refused.get())));
        figures.addAll(use.perMessage(answers.count()));
        return new Result(
                "intake",
                plan.connections() + " connections, " + plan.warmWebhooks() + " webhooks to warm up, "
                        + (plan.webhooks() - plan.warmWebhooks()) + " measured",
                system.delivery().options(),
                List.of(),
                figures);
    }

    private void send(SignedWebhooks webhooks, int from, int to, Latencies answers) {
        var next = new AtomicInteger(from);
        try (var connections = new Connections(system.ingressPort());
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var _ = screen.watch(() -> Math.min(next.get(), to) + " of " + webhooks.count() + " webhooks sent")) {
            Stream.generate(() -> CompletableFuture.runAsync(
                            () -> {
                                for (int index = next.getAndIncrement(); index < to; index = next.getAndIncrement()) {
                                    send(connections, webhooks, index, answers);
                                }
                            },
                            threads))
                    .limit(plan.connections())
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    private void send(Connections connections, SignedWebhooks webhooks, int index, Latencies answers) {
        long began = System.nanoTime();
        try {
            var answer = connections.send(webhooks.request(index));
            if (answer.status() == OK) {
                answers.record(answer.cameAtNanos() - began);
                return;
            }
        } catch (IOException e) {
            // Counted like a refusal.
        }
        refused.incrementAndGet();
    }
}
