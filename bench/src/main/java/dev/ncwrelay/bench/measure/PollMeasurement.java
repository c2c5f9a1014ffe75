package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.http.Connections;
import dev.ncwrelay.bench.load.Tally;
import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.Device;
import dev.ncwrelay.bench.system.Registration;
import dev.ncwrelay.bench.system.RunningSystem;
import dev.ncwrelay.bench.system.SignedWebhooks;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** From a signed webhook, by ingress-service and Kafka, to the app that holds a poll. */
final class PollMeasurement {

    private static final int OK = 200;
    private static final int FLOOR_RECORDS = 64;
    private static final int TIMEOUT_SECONDS = 60;

    private final RunningSystem system;
    private final Plan plan;
    private final Screen screen;
    private final CompletableFuture<Tally> tally = new CompletableFuture<>();

    PollMeasurement(RunningSystem system, Plan plan, Screen screen) {
        this.system = system;
        this.plan = plan;
        this.screen = screen;
    }

    Result run() throws InterruptedException {
        Floor.prepare(system);
        var devices = new Registration(system, screen).register(plan.devices());
        int count = plan.pollRate() * (plan.warmSeconds() + plan.seconds());
        var webhooks = new SignedWebhooks(system.fireblocks(), devices, count, screen);
        var floorRecords =
                IntStream.range(0, FLOOR_RECORDS).mapToObj(webhooks::body).toList();
        var polls = Executors.newVirtualThreadPerTaskExecutor();
        try (var connections = new Connections(system.ingressPort());
                var sends = Executors.newVirtualThreadPerTaskExecutor()) {
            startPolling(devices, webhooks, polls);
            var load = new SteadyLoad(system, plan, plan.pollRate(), screen);
            tally.complete(load.tally());
            return load.run(
                    "poll",
                    plan.pollRate() + " webhooks a second to " + plan.devices() + " devices with a held poll each",
                    "webhook to held poll",
                    floorRecords,
                    index -> sends.execute(() -> send(connections, webhooks, index)));
        } finally {
            polls.shutdownNow();
        }
    }

    private void startPolling(List<Device> devices, SignedWebhooks webhooks, ExecutorService polls)
            throws InterruptedException {
        var polling = new CountDownLatch(devices.size());
        var inbox = new Arrivals(webhooks);
        for (var device : devices) {
            polls.execute(new PollingApp(device, system.deliveryPort(), polling, inbox));
        }
        if (!polling.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(polling.getCount() + " of " + devices.size() + " devices cannot poll");
        }
    }

    private void send(Connections connections, SignedWebhooks webhooks, int index) {
        try {
            var answer = connections.send(webhooks.request(index));
            if (answer.status() != OK) {
                failed("a webhook was answered " + answer.status() + ": " + answer.text());
            }
        } catch (IOException e) {
            failed("a webhook has no answer: " + e);
        }
    }

    private void failed(String reason) {
        tally.join().failed(reason);
    }

    private final class Arrivals implements PollingApp.Inbox {

        private final SignedWebhooks webhooks;

        private Arrivals(SignedWebhooks webhooks) {
            this.webhooks = webhooks;
        }

        @Override
        public void arrived(String eventId, long atNanos) {
            webhooks.indexOf(eventId).ifPresent(index -> tally.join().arrived(index, atNanos));
        }

        @Override
        public void failed(String reason) {
            tally.join().delayed(reason, System.nanoTime());
        }
    }
}
