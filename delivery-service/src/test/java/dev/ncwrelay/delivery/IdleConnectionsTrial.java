package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * One node with thousands of idle streams and polls, held by another process: what it costs, how quickly others are
 * answered meanwhile, and how quickly it notices that all have left. To be run by hand, with the test class path:
 * {@code java -cp ... dev.ncwrelay.delivery.IdleConnectionsTrial [streams, default 9000] [polls, default 5000] [sockets, default 0]}. Broker
 * and registry run in this process as well, so figures of memory are differences. Each process needs a file descriptor
 * for each connection.
 */
final class IdleConnectionsTrial {

    private static final int STREAMS_PER_DEVICE = 8;
    private static final Duration SOON = Duration.ofMinutes(3);

    private IdleConnectionsTrial() {}

    public static void main(String[] arguments) throws IOException {
        int streams = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9_000;
        int polls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5_000;
        int sockets = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
        int all = streams + polls + sockets;
        try (var delivery = RunningDelivery.start()) {
            var devices = IntStream.range(0, (streams + sockets + STREAMS_PER_DEVICE - 1) / STREAMS_PER_DEVICE)
                    .mapToObj(_ -> delivery.device())
                    .toList();
            var other = delivery.device();
            requests(delivery, other, "warm-up");
            requests(delivery, other, "alone");
            var before = Memory.now();

            var crowd = crowd(delivery, streams, polls, sockets, devices);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(delivery.metric("relay.waits.active")).isEqualTo(all));
            var after = Memory.now();
            say("per connection: %.1f KiB of RSS, %.1f KiB of live heap"
                    .formatted((after.rss - before.rss) / 1024.0 / all, (after.heap - before.heap) / 1024.0 / all));
            say("threads: " + RunningDelivery.threads() + ", of them of the platform: "
                    + Thread.getAllStackTraces().size());
            requests(delivery, other, "beside the crowd");

            long left = System.nanoTime();
            crowd.destroyForcibly();
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(10))
                    .untilAsserted(() ->
                            assertThat(delivery.metric("relay.waits.active")).isZero());
            say("all noticed to be gone after "
                    + Duration.ofNanos(System.nanoTime() - left).toMillis() + " ms");
        }
        System.exit(0);
    }

    private static Process crowd(RunningDelivery delivery, int streams, int polls, int sockets, List<String> devices)
            throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Crowd.class.getName(),
                Integer.toString(delivery.port()),
                delivery.token(RunningDelivery.USER),
                "2",
                Integer.toString(streams),
                Integer.toString(polls),
                Integer.toString(sockets)));
        command.addAll(devices);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void requests(RunningDelivery delivery, String device, String when) {
        var poll = "{\"wait\":0,\"after\":\"latest\"}";
        var ack = "{\"ack\":\"" + delivery.poll(device, poll).next() + "\"}";
        timed(when + ", poll", () -> delivery.poll(device, poll).status());
        timed(
                when + ", ack",
                () -> delivery.post("/v1/devices/" + device + "/acks", ack).status());
        timed(when + ", registration", () -> delivery.register(device).status());
        timed(
                when + ", health",
                () -> delivery.management("/actuator/health/readiness").status());
    }

    private static void timed(String what, Supplier<Integer> request) {
        var micros = new long[200];
        for (int one = 0; one < micros.length; one++) {
            long begun = System.nanoTime();
            assertThat(request.get()).isBetween(200, 299);
            micros[one] = (System.nanoTime() - begun) / 1_000;
        }
        Arrays.sort(micros);
        say("%-32s p50 %6d us, p99 %6d us".formatted(what, micros[100], micros[197]));
    }

    private static void say(String text) {
        System.out.println(text);
    }

    /** What this process holds. */
    private record Memory(long rss, long heap) {

        static Memory now() throws IOException {
            for (int round = 0; round < 3; round++) {
                System.gc();
            }
            var runtime = Runtime.getRuntime();
            try (var lines = Files.lines(Path.of("/proc/self/status"))) {
                long kilobytes = lines.filter(line -> line.startsWith("VmRSS"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
                return new Memory(kilobytes * 1024, runtime.totalMemory() - runtime.freeMemory());
            }
        }
    }
}
