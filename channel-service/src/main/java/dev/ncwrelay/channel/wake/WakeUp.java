package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.cursor.Cursor;

/**
 * A push message to one token of a device, without content.
 *
 * @param subscription has the token in its settings
 * @param newest the position of the newest event that the token is woken for
 * @param urgent whether one of these events needs the user now
 */
public record WakeUp(Subscription subscription, Cursor newest, boolean urgent) {}
