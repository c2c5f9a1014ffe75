package dev.ncwrelay.channel.fcm;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service account that may send messages, and do nothing else: Google's library would ask for access to all of Firebase and
 * Google Cloud.
 */
final class FcmCredentials extends GoogleCredentials {

    private static final long serialVersionUID = 1;

    private static final String KEY = "relay.channel.fcm.credentials-file (RELAY_CHANNEL_FCM_CREDENTIALS_FILE)";

    /** https://developers.google.com/identity/protocols/oauth2/scopes#fcm. */
    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

    private final transient ServiceAccountCredentials account;

    private FcmCredentials(ServiceAccountCredentials account) {
        super(GoogleCredentials.newBuilder());
        this.account = account;
    }

    /**
     * Reads the file.
     *
     * @param transport for the requests of access tokens; these are not repeated by the library
     * @throws IllegalArgumentException naming the setting when the file is not one of a service account; without its content
     */
    static FcmCredentials load(Path file, FcmTransport transport) {
        var account = read(file, transport);
        if (!isHttp(account.getTokenServerUri())) {
            throw new IllegalArgumentException(
                    KEY + " must name a token_uri with http or https, unlike that in " + file);
        }
        return new FcmCredentials((ServiceAccountCredentials)
                account.createWithCustomRetryStrategy(false).createScoped(List.of(SCOPE)));
    }

    private static ServiceAccountCredentials read(Path file, FcmTransport transport) {
        try (var content = Files.newInputStream(file)) {
            return ServiceAccountCredentials.fromStream(content, () -> transport);
        } catch (IOException | RuntimeException e) {
            // Without the cause, whose text may have parts of the key.
            throw new IllegalArgumentException(
                    KEY + " must be a readable file of a Google service account, in JSON, not " + file + ": "
                            + e.getClass().getSimpleName());
        }
    }

    private static boolean isHttp(URI address) {
        var scheme = address.getScheme();
        return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) && address.getHost() != null;
    }

    /** The account's project, if the file names it. */
    Optional<String> project() {
        return Optional.ofNullable(account.getProjectId());
    }

    @Override
    public AccessToken refreshAccessToken() throws IOException {
        return account.refreshAccessToken();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "FcmCredentials[masked]";
    }
}
