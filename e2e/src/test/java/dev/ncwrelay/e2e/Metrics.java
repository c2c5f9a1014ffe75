package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The metrics of a service, in Prometheus' format on its management port. */
final class Metrics {

    /** How many devices a service knows. */
    static final String DEVICES = "relay_device_registry_devices";

    private Metrics() {}

    /** The value of a metric; of its first line, if it has tags. */
    static double value(URI management, String name) {
        var metrics = App.send(HttpRequest.newBuilder(management.resolve("/actuator/prometheus"))
                        .GET())
                .join();
        var line = Pattern.compile("^" + name + "[^ ]* (.+)$", Pattern.MULTILINE)
                .matcher(new String(metrics.body(), StandardCharsets.UTF_8));
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
