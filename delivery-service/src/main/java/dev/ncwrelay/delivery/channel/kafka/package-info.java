/** Channels of the kind {@code kafka}: a topic of each subscribed device, which its user reads with the access token. */
@NullMarked
package dev.ncwrelay.delivery.channel.kafka;

import org.jspecify.annotations.NullMarked;
