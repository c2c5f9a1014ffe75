/**
 * Subscriptions: a device's stream followed over one connection, whatever the transport. A {@link Subscription}
 * waits, reads and passes each message to a {@link Subscriber}, within its {@link SendWindow}, until it ends in one
 * {@link SubscriptionEnd}.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.subscription;

import org.jspecify.annotations.NullMarked;
