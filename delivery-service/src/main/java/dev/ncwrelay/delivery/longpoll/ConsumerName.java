package dev.ncwrelay.delivery.longpoll;

import dev.ncwrelay.delivery.problem.Problem;
import org.jspecify.annotations.Nullable;

/** The name of one of several independent readers of a device; empty for the one that has none. */
final class ConsumerName {

    private ConsumerName() {}

    static String checked(@Nullable String name) {
        if (name == null) {
            return "";
        }
        if (!name.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw Problem.badRequest("consumer must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return name;
    }
}
