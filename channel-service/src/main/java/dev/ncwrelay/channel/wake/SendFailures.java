package dev.ncwrelay.channel.wake;

import dev.ncwrelay.schemas.FcmChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a push service does not accept all messages, for health and the log. Changed by one thread, read by any. */
final class SendFailures {

    private static final Logger log = LoggerFactory.getLogger(SendFailures.class);

    /** Longer than the pauses of {@link WakeSender}. */
    private static final Duration KEPT = Duration.ofMinutes(20);

    /** Longer than the usual pauses of a token, as those of other platforms do not show that it is over. */
    private static final Duration KEPT_OF_PLATFORM = Duration.ofHours(2);

    private final String kind;
    private final Clock clock;
    private final Map<String, Failure> ofPlatforms = new TreeMap<>();
    private Optional<String> ofCheck = Optional.empty();
    private Optional<Failure> ofSending = Optional.empty();
    private volatile Optional<String> current = Optional.empty();

    private record Failure(String reason, Instant at) {}

    SendFailures(String kind, Clock clock) {
        this.kind = kind;
        this.clock = clock;
    }

    /** Why, and what to do about it; empty when all messages are accepted. */
    Optional<String> current() {
        return current;
    }

    /** What a check has found. */
    void checked(Optional<String> found) {
        ofCheck = found;
        var now = clock.instant();
        ofSending = ofSending.filter(failure -> failure.at().plus(KEPT).isAfter(now));
        ofPlatforms
                .values()
                .removeIf(failure -> !failure.at().plus(KEPT_OF_PLATFORM).isAfter(now));
        publish();
    }

    /** A message that is accepted shows that the service is there: others have a trouble of their own. */
    void sent(List<SentWakeUp> batch) {
        var now = clock.instant();
        for (var sent : batch) {
            var platform = sent.wakeUp().subscription().settings().getOrDefault(FcmChannel.PLATFORM, "");
            switch (sent.outcome()) {
                case PushOutcome.Accepted() -> ofPlatforms.remove(platform);
                case PushOutcome.PlatformRefused(var reason, var _) ->
                    ofPlatforms.put(platform, new Failure(reason, now));
                case PushOutcome.TokenGone _, PushOutcome.Rejected _, PushOutcome.Postponed _ -> {}
            }
        }
        if (batch.stream().anyMatch(sent -> sent.outcome() instanceof PushOutcome.Accepted)) {
            ofCheck = Optional.empty();
            ofSending = Optional.empty();
        } else {
            ofSending = batch.stream()
                    .flatMap(sent -> sent.outcome() instanceof PushOutcome.Postponed(var reason, var _)
                            ? Stream.of(new Failure(reason, now))
                            : Stream.empty())
                    .findFirst();
        }
        publish();
    }

    private void publish() {
        var found = ofCheck.or(() -> ofSending.map(Failure::reason)).or(this::ofPlatforms);
        if (!found.equals(current)) {
            found.ifPresent(reason -> log.atWarn()
                    .addKeyValue("kind", kind)
                    .addKeyValue("reason", reason)
                    .log("push messages not accepted, will retry"));
        }
        current = found;
    }

    private Optional<String> ofPlatforms() {
        return ofPlatforms.isEmpty()
                ? Optional.empty()
                : Optional.of(ofPlatforms.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue().reason())
                        .collect(Collectors.joining("; ")));
    }
}
