package dev.ncwrelay.delivery.messages.websocket;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** What a client may say; {@code type} is the name in lower case. */
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
     * The first: who reads, and from where.
     *
     * @param consumer a name for one of several independent readers of a device
     * @param after as in a poll; default the acknowledged position
     * @param window messages it will have unacknowledged at the most; the service's setting unless less
     * @param credit messages to be sent before more is granted; any number unless given
     */
    record Hello(
            @Nullable String consumer,
            @Nullable String after,
            @Nullable Integer window,
            @Nullable Long credit) implements ClientMessage {}

    /** Everything up to this cursor is done with. */
    record Ack(@Nullable String ack) implements ClientMessage {}

    /** So many more messages may be sent. */
    record Credit(long n) implements ClientMessage {}

    /**
     * A call to Fireblocks.
     *
     * @param id the request id; the same one repeats the same call
     * @param message the string that the SDK emitted
     */
    record Rpc(@Nullable String id, @Nullable String message) implements ClientMessage {}

    /** A new token for the same user, before the old one expires. */
    record Token(@Nullable String token) implements ClientMessage {}
}
