package dev.ncwrelay.delivery.messages.websocket;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** Messages from the client; {@code type} is the name in lower case. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ClientMessage.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = ClientMessage.Ack.class, name = "ack"),
    @JsonSubTypes.Type(value = ClientMessage.Credit.class, name = "credit"),
    @JsonSubTypes.Type(value = ClientMessage.Rpc.class, name = "rpc"),
    @JsonSubTypes.Type(value = ClientMessage.Token.class, name = "token"),
})
sealed interface ClientMessage {

    /**
     * The first message: the consumer and its start position.
     *
     * @param consumer a name for one of several independent readers of a device
     * @param after as in a poll; default the acknowledged position
     * @param window maximum number of unacknowledged messages; at most, and by default, the service's setting
     * @param credit messages that may be sent before more credit is granted; unlimited by default
     */
    record Hello(
            @Nullable String consumer,
            @Nullable String after,
            @Nullable Integer window,
            @Nullable Long credit) implements ClientMessage {}

    /** Acknowledges all messages up to this cursor. */
    record Ack(@Nullable String ack) implements ClientMessage {}

    /** Grants the service n more messages. */
    record Credit(long n) implements ClientMessage {}

    /**
     * A call to Fireblocks.
     *
     * @param id the request id; the same id repeats the same call
     * @param message the string that the SDK emitted
     */
    record Rpc(@Nullable String id, @Nullable String message) implements ClientMessage {}

    /** A new token for the same user, before the old one expires. */
    record Token(@Nullable String token) implements ClientMessage {}
}
