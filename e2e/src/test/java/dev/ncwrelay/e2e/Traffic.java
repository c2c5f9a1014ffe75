package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A trickle of webhooks, polls and RPC calls while parts of the relay stop and start. Its clients follow the protocol:
 * they repeat what was answered 503 or not at all, calls with their Request-Id.
 */
final class Traffic implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int DEVICES = 5;

    private final ComposeProject project;
    private final List<Device> devices;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch sending = new CountDownLatch(2 * DEVICES);
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    private Traffic(ComposeProject project) {
        this.project = project;
        var turn = new AtomicInteger();
        this.devices = project.newApps(DEVICES).stream()
                .map(app -> new Device(app, new HoppingClient(app, List.of(project.delivery()), turn, http)))
                .toList();
    }

    static Traffic start(ComposeProject project) {
        var traffic = new Traffic(project);
        traffic.devices.forEach(device -> {
            traffic.threads.execute(device.poller);
            traffic.threads.execute(() -> traffic.repeat(device::webhook));
            traffic.threads.execute(() -> traffic.repeat(device::call));
        });
        traffic.awaitProgress();
        return traffic;
    }

    /** Returns when every device has received one message and one answer more. */
    void awaitProgress() {
        var before = devices.stream()
                .map(device -> new int[] {device.poller.received().size(), device.answered.get()})
                .toList();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            for (int i = 0; i < before.size(); i++) {
                var device = devices.get(i);
                if (device.poller.received().size() <= before.get(i)[0] || device.answered.get() <= before.get(i)[1]) {
                    return false;
                }
            }
            return true;
        });
    }

    /** How many requests of devices have ended without a response so far. */
    int unreachable() {
        return devices.stream()
                .mapToInt(device -> device.poller.unreachable() + device.unanswered.get())
                .sum();
    }

    /**
     * Ends the traffic. Every accepted webhook must have arrived in order, every call been answered with its own answer,
     * and no device have seen another status than 503.
     */
    void verify() throws InterruptedException {
        stopped = true;
        assertThat(sending.await(3, TimeUnit.MINUTES))
                .as("all senders have ended")
                .isTrue();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(devices)
                        .allSatisfy(device -> assertThat(
                                        device.poller.received().stream().distinct())
                                .containsExactlyElementsOf(device.accepted)));
        assertThat(devices)
                .allSatisfy(device -> assertThat(device.poller.faults()).isEmpty());
        assertThat(devices).allSatisfy(device -> assertThat(device.faults).isEmpty());
        assertThat(errors).isEmpty();
        System.out.printf(
                "e2e traffic: %d messages and %d calls, %d requests without a response%n",
                devices.stream().mapToInt(device -> device.accepted.size()).sum(),
                devices.stream().mapToInt(device -> device.answered.get()).sum(),
                unreachable());
    }

    @Override
    public void close() {
        stopped = true;
        devices.forEach(device -> device.poller.stop());
        threads.shutdownNow();
        http.shutdownNow();
    }

    private void repeat(Runnable step) {
        try {
            while (!stopped) {
                step.run();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            errors.add(e.toString());
        } finally {
            sending.countDown();
        }
    }

    private final class Device {

        private final App app;
        private final HoppingClient poller;
        private final List<String> accepted = new ArrayList<>();
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicInteger unanswered = new AtomicInteger();
        private final List<String> faults = new CopyOnWriteArrayList<>();

        private Device(App app, HoppingClient poller) {
            this.app = app;
            this.poller = poller;
        }

        /** One after the other, so that the order of acceptance is known. */
        private void webhook() {
            var id = "tx-" + accepted.size();
            var delivery = project.sendWebhook(app.transaction(id).bytes());
            if (delivery.path("state").asString().equals("COMPLETED")) {
                accepted.add(id);
            } else {
                faults.add("webhook " + id + ": " + delivery);
            }
            for (var attempt : delivery.path("attempts")) {
                int status = attempt.path("status").asInt(0);
                if (status != 0 && status != 200 && status != 503) {
                    faults.add("webhook " + id + ": " + attempt);
                }
            }
        }

        private void call() {
            // May be repeated: another call whose instance is killed is answered AMBIGUOUS, because it may have been
            // made.
            var payload = App.payload("poll_mpc_msg");
            var requestId = UUID.randomUUID().toString();
            var expected = InvokeAnswer.echo(payload).body().utf8();
            while (true) {
                var answer = answer(payload, requestId);
                if (answer == null || answer.statusCode() == 503) {
                    pause();
                } else if (answer.statusCode() == 200
                        && expected.equals(new String(answer.body(), StandardCharsets.UTF_8))) {
                    answered.incrementAndGet();
                    return;
                } else {
                    faults.add("call: " + App.text(answer));
                    return;
                }
            }
        }

        private @Nullable HttpResponse<byte[]> answer(String payload, String requestId) {
            try {
                return app.rpc(payload, requestId).join();
            } catch (CompletionException e) {
                unanswered.incrementAndGet();
                return null;
            }
        }

        private void pause() {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
