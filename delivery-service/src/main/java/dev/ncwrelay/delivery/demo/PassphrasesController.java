package dev.ncwrelay.delivery.demo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.ncwrelay.avro.PassphraseInfo;
import dev.ncwrelay.delivery.demo.user.DemoApiSettings;
import dev.ncwrelay.delivery.demo.user.Passphrases;
import dev.ncwrelay.delivery.device.registration.Registration;
import dev.ncwrelay.delivery.problem.Problem;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The demo backend's passphrases: where the user keeps each. A passphrase itself never reaches the backend.
 *
 * @see <a href="https://github.com/fireblocks/ncw-backend-demo/blob/main/src/controllers/passphrase.controller.ts">the
 *     demo's controller</a>
 */
@RestController
@ConditionalOnBooleanProperty("relay.delivery.demo-api.enabled")
class PassphrasesController {

    /** As in the demo backend. */
    private static final Set<String> LOCATIONS = Set.of("GoogleDrive", "iCloud");

    private final DemoUsers users;
    private final Passphrases passphrases;
    private final DemoApiSettings settings;
    private final Clock clock;

    PassphrasesController(DemoUsers users, Passphrases passphrases, DemoApiSettings settings, Clock clock) {
        this.users = users;
        this.passphrases = passphrases;
        this.settings = settings;
        this.clock = clock;
    }

    /** Where the passphrase is kept. The demo's apps also send its id. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record PassphraseBody(@Nullable String location) {}

    /** The id of a passphrase. */
    record PassphraseId(String passphraseId) {}

    /** Where a passphrase is kept. */
    record PassphraseLocation(String location) {}

    /**
     * A passphrase of the user.
     *
     * @param createdAt when it was first reported, in epoch milliseconds
     */
    record ListedPassphrase(String passphraseId, String location, long createdAt) {}

    /** Oldest first. */
    record ListedPassphrases(List<ListedPassphrase> passphrases) {}

    @GetMapping("/api/passphrase")
    ListedPassphrases findAll(Authentication caller) {
        return new ListedPassphrases(passphrases.of(users.user(caller)).stream()
                .map(info -> new ListedPassphrase(
                        info.getPassphraseId(),
                        info.getLocation(),
                        info.getCreatedAt().toEpochMilli()))
                .toList());
    }

    @GetMapping("/api/passphrase/{passphraseId}")
    PassphraseLocation find(@PathVariable String passphraseId, Authentication caller) {
        return passphrases
                .find(users.user(caller), passphraseId)
                .map(info -> new PassphraseLocation(info.getLocation()))
                .orElseThrow(() -> Problem.of(
                        HttpStatus.NOT_FOUND,
                        "unknown-passphrase",
                        "Passphrase not found",
                        "no passphrase of this user has this id",
                        Map.of()));
    }

    /** Stored before the response. The same again writes nothing; another location replaces the former one. */
    @PostMapping("/api/passphrase/{passphraseId}")
    CompletableFuture<PassphraseId> create(
            @PathVariable String passphraseId, @RequestBody PassphraseBody body, Authentication caller) {
        var user = users.user(caller);
        var id = Registration.checkedId("passphraseId", passphraseId);
        var location = Optional.ofNullable(body.location())
                .filter(LOCATIONS::contains)
                .orElseThrow(() -> Problem.badRequest("location must be GoogleDrive or iCloud"));
        var before = passphrases.find(user, id);
        if (before.filter(info -> info.getLocation().equals(location)).isPresent()) {
            return CompletableFuture.completedFuture(new PassphraseId(id));
        }
        if (before.isEmpty()) {
            requireRoom(user);
        }
        // Kafka has milliseconds.
        var createdAt = before.map(PassphraseInfo::getCreatedAt)
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return passphrases
                .write(new PassphraseInfo(user, id, location, createdAt))
                .thenApply(info -> new PassphraseId(info.getPassphraseId()));
    }

    /** Concurrent requests may exceed the limit a little. */
    private void requireRoom(String user) {
        int limit = settings.passphrasesPerUser();
        if (passphrases.of(user).size() >= limit) {
            throw Problem.of(
                    HttpStatus.CONFLICT,
                    "too-many-passphrases",
                    "Too many passphrases of this user",
                    "at most " + limit + " passphrases of a user are kept",
                    Map.of("limit", limit));
        }
    }
}
