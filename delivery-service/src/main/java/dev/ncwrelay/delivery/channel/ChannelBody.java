package dev.ncwrelay.delivery.channel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a subscription: an object whose members depend on the kind of channel. Values may be secret. */
record ChannelBody(@JsonValue Map<String, Object> members) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    ChannelBody {}

    /** The members of a body that may be missing. */
    static Map<String, Object> membersOf(@Nullable ChannelBody body) {
        return body == null ? Map.of() : body.members();
    }

    /** Spring logs bodies on the level DEBUG. */
    @Override
    public String toString() {
        return "ChannelBody[hidden]";
    }
}
