package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.playground.PlaygroundSettings;
import dev.ncwrelay.testkit.webhook.RetrySchedule;
import dev.ncwrelay.testkit.webhook.SignatureMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Settings of the simulator.
 *
 * @param address where it listens; it calls itself 127.0.0.1 in any case
 * @param webhookTarget where webhooks go
 * @param credentials the folder that holds, or is given, the API user's {@code api-key} and {@code secret.pem}
 * @param fcm Firebase Cloud Messaging, if it is wanted
 * @param playground the page for people, if it is wanted
 * @param knownUser an API user whose private key stays with its owner
 */
record SimulatorSettings(
        String address,
        int port,
        URI webhookTarget,
        SignatureMode signature,
        RetrySchedule retries,
        Optional<Path> credentials,
        Optional<Fcm> fcm,
        Optional<PlaygroundSettings> playground,
        Optional<KnownUser> knownUser) {

    private static final String PREFIX = "SIMULATOR_";
    private static final String FCM_ACCOUNT = "fcm.json";

    /** An API key and the file with its public key. */
    record KnownUser(String apiKey, Path publicKey) {}

    /** Its port, and the file of the service account that may send messages. */
    record Fcm(int port, Path credentials) {}

    private enum Key {
        ADDRESS("127.0.0.1"),
        PORT("8090"),
        WEBHOOK_TARGET("http://127.0.0.1:8081/webhooks/fireblocks"),
        SIGNATURE("jws"),
        RETRIES("v2"),
        RETRY_SCALE("1"),
        CREDENTIALS(""),
        FCM_PORT(""),
        DELIVERY(""),
        KAFKA(""),
        REGISTRY(""),
        API_KEY(""),
        API_PUBLIC_KEY("");

        private final String initial;

        Key(String initial) {
            this.initial = initial;
        }

        /** For example {@code --webhook-target}. */
        String option() {
            return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Reads the settings; an option {@code --webhook-target=...} goes before a variable
     * {@code SIMULATOR_WEBHOOK_TARGET}.
     *
     * @throws IllegalArgumentException naming the setting that is unknown or wrong, and what was expected
     */
    static SimulatorSettings read(Map<String, String> environment, String... arguments) {
        var given = new LinkedHashMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                given.put(
                        "--"
                                + name.substring(PREFIX.length())
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-'),
                        value);
            }
        });
        for (var argument : arguments) {
            var equals = argument.indexOf('=');
            given.put(
                    equals < 0 ? argument : argument.substring(0, equals),
                    equals < 0 ? "" : argument.substring(equals + 1));
        }
        var known = Arrays.stream(Key.values()).map(Key::option).collect(Collectors.toSet());
        given.keySet().stream()
                .filter(option -> !known.contains(option))
                .findFirst()
                .ifPresent(option -> {
                    throw new IllegalArgumentException("unknown setting " + option + "; there are "
                            + known.stream().sorted().collect(Collectors.joining(", ")));
                });
        return from(new Values(given));
    }

    private static SimulatorSettings from(Values values) {
        return new SimulatorSettings(
                values.text(Key.ADDRESS),
                values.port(Key.PORT),
                values.address(Key.WEBHOOK_TARGET),
                values.choice(Key.SIGNATURE, SignatureMode.class),
                values.choice(Key.RETRIES, Retries.class).schedule().scaledBy(values.scale()),
                values.credentials(),
                values.fcm(),
                values.playground(),
                values.knownUser());
    }

    private enum Retries {
        V1,
        V2,
        NONE;

        RetrySchedule schedule() {
            return switch (this) {
                case V1 -> RetrySchedule.v1();
                case V2 -> RetrySchedule.v2();
                case NONE -> RetrySchedule.none();
            };
        }
    }

    private record Values(Map<String, String> given) {

        String text(Key key) {
            return given.getOrDefault(key.option(), key.initial);
        }

        int port(Key key) {
            var text = text(key);
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65535) {
                throw wrong(key, "a port from 0 (any free one) to 65535");
            }
            return Integer.parseInt(text);
        }

        URI address(Key key) {
            if (!isAddress(text(key))) {
                throw wrong(key, "an http or https address");
            }
            return URI.create(text(key));
        }

        List<URI> addresses(Key key) {
            var all = text(key).split(",", -1);
            if (!Arrays.stream(all).allMatch(Values::isAddress)) {
                throw wrong(key, "http or https addresses, separated by commas");
            }
            return Arrays.stream(all).map(URI::create).toList();
        }

        private static boolean isAddress(String text) {
            return text.matches("https?://\\S+");
        }

        double scale() {
            var text = text(Key.RETRY_SCALE);
            if (!text.matches("\\d{1,6}(\\.\\d{1,9})?")) {
                throw wrong(Key.RETRY_SCALE, "a factor such as 1 or 0.01");
            }
            return Double.parseDouble(text);
        }

        Optional<Path> credentials() {
            return Optional.of(text(Key.CREDENTIALS))
                    .filter(text -> !text.isEmpty())
                    .map(Path::of);
        }

        Optional<Fcm> fcm() {
            if (text(Key.FCM_PORT).isEmpty()) {
                return Optional.empty();
            }
            var folder = credentials()
                    .orElseThrow(() -> new IllegalArgumentException(Key.FCM_PORT.option() + " needs "
                            + Key.CREDENTIALS.option() + ", where the service account's file " + FCM_ACCOUNT + " is"));
            return Optional.of(new Fcm(port(Key.FCM_PORT), folder.resolve(FCM_ACCOUNT)));
        }

        Optional<PlaygroundSettings> playground() {
            if (text(Key.KAFKA).isEmpty() != text(Key.REGISTRY).isEmpty()) {
                throw new IllegalArgumentException(
                        Key.KAFKA.option() + " and " + Key.REGISTRY.option() + " go together");
            }
            if (text(Key.DELIVERY).isEmpty()) {
                return Optional.empty();
            }
            var kafka = text(Key.KAFKA).isEmpty()
                    ? Optional.<PlaygroundSettings.Kafka>empty()
                    : Optional.of(new PlaygroundSettings.Kafka(text(Key.KAFKA), address(Key.REGISTRY)));
            return Optional.of(new PlaygroundSettings(addresses(Key.DELIVERY), kafka));
        }

        Optional<KnownUser> knownUser() {
            if (text(Key.API_KEY).isEmpty() != text(Key.API_PUBLIC_KEY).isEmpty()) {
                throw new IllegalArgumentException(
                        Key.API_KEY.option() + " and " + Key.API_PUBLIC_KEY.option() + " go together");
            }
            return text(Key.API_KEY).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new KnownUser(text(Key.API_KEY), Path.of(text(Key.API_PUBLIC_KEY))));
        }

        <E extends Enum<E>> E choice(Key key, Class<E> type) {
            for (var constant : type.getEnumConstants()) {
                if (constant.name().equalsIgnoreCase(text(key))) {
                    return constant;
                }
            }
            throw wrong(
                    key, "one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
        }

        private IllegalArgumentException wrong(Key key, String expected) {
            return new IllegalArgumentException(key.option() + " must be " + expected + ", not " + text(key));
        }
    }
}
