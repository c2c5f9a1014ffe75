package dev.ncwrelay.delivery.address;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An address from a setting, without user, password, query and fragment. */
public final class ConfiguredAddress {

    private ConfiguredAddress() {}

    /**
     * The address; null when none is set.
     *
     * @param schemes those that are permitted, in lower case
     * @param expected the message of the exception; the address itself may have a password
     * @throws IllegalArgumentException when it is not such an address
     */
    public static @Nullable URI checked(@Nullable URI url, Set<String> schemes, String expected) {
        if (url == null || url.toString().isBlank()) {
            return null;
        }
        if (!isAddress(url, schemes)) {
            throw new IllegalArgumentException(expected);
        }
        return url;
    }

    private static boolean isAddress(URI url, Set<String> schemes) {
        return url.getScheme() != null
                && schemes.contains(url.getScheme().toLowerCase(Locale.ROOT))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }
}
