package dev.ncwrelay.delivery;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client that follows a device's stream over a transport, and what it has received. */
abstract class StreamClient implements AutoCloseable {

    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private volatile @Nullable JsonNode gap;
    private volatile @Nullable String ended;
    private volatile boolean caughtUp;

    /** Ids of the messages, in the order of arrival. */
    final List<String> ids() {
        return messages.stream().map(message -> message.path("id").asString()).toList();
    }

    /** The cursor of the last message. */
    final String cursor() {
        return messages.getLast().path("cursor").asString();
    }

    final List<JsonNode> messages() {
        return messages;
    }

    /** The reported gap: {@code {reason, earliest}}. */
    final Optional<JsonNode> gap() {
        return Optional.ofNullable(gap);
    }

    /**
     * Why it ended, if it did: {@code superseded}, {@code reconnect}, {@code reset} or another message of the
     * transport.
     */
    final Optional<String> ended() {
        return Optional.ofNullable(ended);
    }

    final boolean isCaughtUp() {
        return caughtUp;
    }

    final void message(JsonNode message) {
        messages.add(message);
    }

    final void gap(JsonNode told) {
        gap = told;
    }

    final void caughtUp() {
        caughtUp = true;
    }

    final void end(String why) {
        if (ended == null) {
            ended = why;
        }
    }

    @Override
    public abstract void close();
}
