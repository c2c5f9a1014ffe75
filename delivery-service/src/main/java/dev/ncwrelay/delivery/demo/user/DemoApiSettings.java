package dev.ncwrelay.delivery.demo.user;

import dev.ncwrelay.delivery.address.ConfiguredAddress;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The further paths of Fireblocks' demo backend, by which users register devices themselves: {@code
 * relay.delivery.demo-api.*}.
 *
 * @param enabled whether the paths exist
 * @param walletsUrl where a new wallet and the latest backup of one are asked for; null when nowhere
 * @param devicesPerUser most devices of a user, beyond which the user can register none
 * @param passphrasesPerUser most passphrases of a user
 */
@ConfigurationProperties(prefix = "relay.delivery.demo-api", ignoreUnknownFields = false)
public record DemoApiSettings(
        @DefaultValue("false") boolean enabled,
        @Nullable URI walletsUrl,
        @DefaultValue("20") int devicesPerUser,
        @DefaultValue("20") int passphrasesPerUser) {

    /** How a problem names the setting that is missing. */
    public static final String WALLETS_URL =
            "relay.delivery.demo-api.wallets-url (RELAY_DELIVERY_DEMO_API_WALLETS_URL)";

    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** All of a user's are in one response. */
    private static final int MOST = 1_000;

    public DemoApiSettings {
        walletsUrl = ConfiguredAddress.checked(
                walletsUrl,
                SCHEMES,
                WALLETS_URL + " must be an address such as https://backend.example/wallets, without user, password,"
                        + " query and fragment");
        check("devices-per-user", devicesPerUser);
        check("passphrases-per-user", passphrasesPerUser);
    }

    private static void check(String key, int number) {
        if (number < 1 || number > MOST) {
            throw new IllegalArgumentException(
                    "relay.delivery.demo-api." + key + " must be 1 to " + MOST + ", not " + number);
        }
    }
}
