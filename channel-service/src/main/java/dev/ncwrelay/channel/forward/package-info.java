/**
 * Forwards the events to the devices' channels: in order per device, at
 * least once. What a channel does not accept stays in Kafka and is forwarded later, while other devices' events go on.
 */
@NullMarked
package dev.ncwrelay.channel.forward;

import org.jspecify.annotations.NullMarked;
