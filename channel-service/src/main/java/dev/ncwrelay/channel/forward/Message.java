package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.cursor.Cursor;

/**
 * An event for the channel of a subscription.
 *
 * @param cursor the position of the event in the device's stream
 */
public record Message(Subscription subscription, ReadEvent event, Cursor cursor) {

    static Message of(Subscription subscription, int partition, ReadEvent event) {
        var cursor = new Cursor(subscription.generation(), subscription.device().epoch(), partition, event.offset());
        return new Message(subscription, event, cursor);
    }
}
