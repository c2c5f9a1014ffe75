package dev.ncwrelay.client;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What to receive, and how. Immutable: each method returns other options. */
public final class MessageOptions {

    private final GapPolicy gapPolicy;
    private final Transport transport;
    private final @Nullable String after;
    private final BiConsumer<RelayException, Duration> onRetry;

    private MessageOptions(
            GapPolicy gapPolicy,
            Transport transport,
            @Nullable String after,
            BiConsumer<RelayException, Duration> onRetry) {
        this.gapPolicy = gapPolicy;
        this.transport = transport;
        this.after = after;
        this.onRetry = onRetry;
    }

    /** What happens when messages are missing. It must be given, since there is no right default. */
    public static MessageOptions onGap(GapPolicy policy) {
        return new MessageOptions(policy, Transport.AUTO, null, (failure, wait) -> {});
    }

    /** Where to begin: a cursor, {@code earliest}, {@code latest} or an RFC 3339 time; else after what is acknowledged. */
    public MessageOptions after(String position) {
        return new MessageOptions(gapPolicy, transport, position, onRetry);
    }

    /** How the messages come; {@link Transport#AUTO} by default. */
    public MessageOptions transport(Transport chosen) {
        return new MessageOptions(gapPolicy, chosen, after, onRetry);
    }

    /**
     * Hears of each failure that the client recovers from by itself, and after how long it tries again. Called on the
     * stream's thread; it must not block.
     */
    public MessageOptions onRetry(BiConsumer<RelayException, Duration> listener) {
        return new MessageOptions(gapPolicy, transport, after, listener);
    }

    GapPolicy gapPolicy() {
        return gapPolicy;
    }

    Transport transport() {
        return transport;
    }

    @Nullable
    String after() {
        return after;
    }

    BiConsumer<RelayException, Duration> onRetry() {
        return onRetry;
    }
}
