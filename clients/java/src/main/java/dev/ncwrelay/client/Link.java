package dev.ncwrelay.client;

/**
 * What one connection of any transport works with.
 *
 * @param use is over when the connection is of no use any more
 * @param heard to be run whenever something has come from the relay: this transport works
 */
record Link(ClientContext context, Network.Use use, Inbox inbox, Acks acks, AckSender sender, Runnable heard) {

    Http http() {
        return context.http().during(use);
    }

    Timing timing() {
        return context.timing();
    }
}
