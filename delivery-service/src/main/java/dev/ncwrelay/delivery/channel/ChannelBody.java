package dev.ncwrelay.delivery.channel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a subscription: an object whose members depend on the kind of channel. */
record ChannelBody(@JsonValue Map<String, Object> members) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    ChannelBody {}

    /** The members of a body that may be missing. */
    static Map<String, Object> membersOf(@Nullable ChannelBody body) {
        return body == null ? Map.of() : body.members();
    }
}
