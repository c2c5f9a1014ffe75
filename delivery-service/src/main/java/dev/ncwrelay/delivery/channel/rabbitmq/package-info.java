/** Channels of the kind {@code rabbitmq}: a queue of each subscribed device, which its user reads with the access token. */
@NullMarked
package dev.ncwrelay.delivery.channel.rabbitmq;

import org.jspecify.annotations.NullMarked;
