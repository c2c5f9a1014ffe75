package dev.ncwrelay.channel.fcm;

import com.google.api.client.http.HttpResponseException;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.MessagingErrorCode;
import dev.ncwrelay.channel.wake.PushOutcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of FCM means: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode, and
 * https://firebase.google.com/docs/cloud-messaging/scale-fcm for the pauses.
 */
final class FcmOutcome {

    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration PAUSE_OF_QUOTA = Duration.ofSeconds(60);
    private static final Duration MAX_PAUSE = Duration.ofHours(1);
    private static final String CREDENTIALS =
            "check relay.channel.fcm.credentials-file and .project-id, and that the account may send messages";

    /** FCM has refused the access token. */
    static final PushOutcome ACCESS_REFUSED =
            new PushOutcome.Postponed("UNAUTHENTICATED: " + CREDENTIALS, PAUSE_OF_QUOTA);

    private static final PushOutcome OTHER_PROJECT =
            new PushOutcome.TokenGone("the token belongs to another Firebase project");

    /** Tokens of another project in one batch that show that the credentials are another project's. */
    private static final int MANY = 20;

    private FcmOutcome() {}

    /** What the outcomes of a batch mean together: credentials of another project must not break every token. */
    static List<PushOutcome> ofBatch(List<PushOutcome> outcomes) {
        long others = outcomes.stream().filter(OTHER_PROJECT::equals).count();
        boolean isAccepted = outcomes.stream().anyMatch(PushOutcome.Accepted.class::isInstance);
        if (others < MANY || isAccepted) {
            return outcomes;
        }
        var postponed = new PushOutcome.Postponed(
                "SENDER_ID_MISMATCH of " + others
                        + " messages and none accepted: check relay.channel.fcm.project-id and"
                        + " relay.channel.fcm.credentials-file, which are of another project than the apps",
                PAUSE_OF_QUOTA);
        return outcomes.stream()
                .map(outcome -> outcome.equals(OTHER_PROJECT) ? postponed : outcome)
                .toList();
    }

    static PushOutcome of(FirebaseMessagingException failure) {
        var refusal = unauthenticated(failure);
        if (refusal.isPresent()) {
            return refusal.get().thirdParty() ? thirdParty(PAUSE_OF_QUOTA) : ACCESS_REFUSED;
        }
        var code = failure.getMessagingErrorCode();
        return code == null ? withoutCode(failure) : of(code, failure);
    }

    /** The token endpoint has given no access token. */
    static PushOutcome.Postponed withoutAccess(Throwable failure) {
        return new PushOutcome.Postponed(
                "no access token: " + CREDENTIALS + ": " + text(failure), pause(failure, null));
    }

    /** Google's library has failed. */
    static PushOutcome.Postponed unexpected(RuntimeException failure) {
        return new PushOutcome.Postponed(text(failure), PAUSE);
    }

    private static PushOutcome of(MessagingErrorCode code, FirebaseMessagingException failure) {
        return switch (code) {
            case UNREGISTERED -> new PushOutcome.TokenGone("the app is no longer registered with this token");
            case SENDER_ID_MISMATCH -> OTHER_PROJECT;
            case INVALID_ARGUMENT -> new PushOutcome.Rejected(code.name());
            case THIRD_PARTY_AUTH_ERROR -> thirdParty(pause(failure, PAUSE_OF_QUOTA));
            case QUOTA_EXCEEDED -> new PushOutcome.Postponed(code.name(), pause(failure, PAUSE_OF_QUOTA));
            case UNAVAILABLE, INTERNAL -> new PushOutcome.Postponed(code.name(), pause(failure, null));
        };
    }

    private static PushOutcome.PlatformRefused thirdParty(Duration pause) {
        return new PushOutcome.PlatformRefused(
                "THIRD_PARTY_AUTH_ERROR: check the APNs key or the Web Push key in the Firebase console", pause);
    }

    private static Optional<UnauthenticatedException> unauthenticated(Throwable failure) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(UnauthenticatedException.class::isInstance)
                .map(UnauthenticatedException.class::cast)
                .findFirst();
    }

    private static PushOutcome withoutCode(FirebaseMessagingException failure) {
        return switch (failure.getErrorCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE ->
                new PushOutcome.Rejected(failure.getErrorCode().name());
            case UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, FAILED_PRECONDITION ->
                new PushOutcome.Postponed(failure.getErrorCode() + ": " + CREDENTIALS, pause(failure, PAUSE_OF_QUOTA));
            case RESOURCE_EXHAUSTED ->
                new PushOutcome.Postponed(failure.getErrorCode().name(), pause(failure, PAUSE_OF_QUOTA));
            default -> new PushOutcome.Postponed(text(failure), pause(failure, null));
        };
    }

    /** By the last cause: the texts of Google's exceptions above it may contain the request. */
    private static String text(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && !(cause instanceof ConnectException)) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case UnavailableException unavailable -> unavailable.reason();
            case HttpResponseException answer -> "HTTP status " + answer.getStatusCode();
            case FirebaseMessagingException answer -> answer.getErrorCode().name();
            case HttpTimeoutException _ -> "no answer in time";
            case ConnectException _ -> "no connection";
            case SSLException _ -> "no connection by TLS";
            case IOException _ -> "the connection was lost, or the answer cannot be read";
            default -> "unexpected failure of Google's library";
        };
    }

    private static Duration pause(Throwable failure, @Nullable Duration otherwise) {
        var header = retryAfter(failure);
        var fallback = Objects.requireNonNullElse(otherwise, PAUSE);
        if (header.isEmpty() || !header.chars().allMatch(Character::isDigit) || header.length() > 6) {
            return fallback;
        }
        var pause = Duration.ofSeconds(Long.parseLong(header));
        if (pause.compareTo(MIN_PAUSE) < 0) {
            return MIN_PAUSE;
        }
        return pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
    }

    private static String retryAfter(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnavailableException unavailable) {
                return unavailable.retryAfter();
            }
            if (cause instanceof FirebaseMessagingException messaging && messaging.getHttpResponse() != null) {
                return messaging.getHttpResponse().getHeaders().entrySet().stream()
                        .filter(entry -> entry.getKey().equalsIgnoreCase("Retry-After"))
                        .map(Map.Entry::getValue)
                        .map(FcmOutcome::first)
                        .findFirst()
                        .orElse("");
            }
        }
        return "";
    }

    private static String first(Object value) {
        return String.valueOf(value instanceof List<?> values && !values.isEmpty() ? values.getFirst() : value);
    }
}
