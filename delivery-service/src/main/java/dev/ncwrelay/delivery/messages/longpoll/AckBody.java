package dev.ncwrelay.delivery.messages.longpoll;

import dev.ncwrelay.delivery.problem.Problem;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An acknowledgement.
 *
 * @param ack cursor up to which messages are acknowledged
 * @param ids messages to acknowledge individually; either this or {@code ack}
 */
record AckBody(
        @Nullable String consumer,
        @Nullable String ack,
        @Nullable List<String> ids) {

    private static final int MAX_IDS = 1_000;

    AckBody {
        if ((ack == null) == (ids == null)) {
            throw Problem.badRequest("either ack, a cursor, or ids, a list of message ids, is expected");
        }
        if (ids != null
                && (ids.isEmpty() || ids.size() > MAX_IDS || ids.stream().anyMatch(Objects::isNull))) {
            throw Problem.badRequest("ids must hold 1 to " + MAX_IDS + " message ids");
        }
    }
}
