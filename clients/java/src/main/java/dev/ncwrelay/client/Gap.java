package dev.ncwrelay.client;

/**
 * Messages after the position are no longer stored.
 *
 * @param reason why: {@code retention} (their time is over), {@code trimmed} (the mailbox was full), {@code generation}
 *     (the topic is new) or {@code foreign} (the cursor is another device's or owner's); later versions of the relay may
 *     have more
 * @param earliest the first cursor that can be served
 */
public record Gap(String reason, String earliest) {

    /** True when no position of before is valid any more, so that no acknowledgement of before can be stored. */
    boolean invalidatesPositions() {
        return reason.equals("foreign") || reason.equals("generation");
    }
}
