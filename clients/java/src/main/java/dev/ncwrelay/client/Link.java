package dev.ncwrelay.client;

/**
 * What one connection of any transport works with.
 *
 * @param heard to be run whenever something has come from the relay: this transport works
 */
record Link(ClientContext context, Inbox inbox, Acks acks, AckSender sender, Runnable heard) {

    Http http() {
        return context.http();
    }

    Timing timing() {
        return context.timing();
    }
}
