/** Channels of the kind {@code kafka}: a topic of each subscribed device, which its user reads. */
@NullMarked
package dev.ncwrelay.channel.kafka;

import org.jspecify.annotations.NullMarked;
