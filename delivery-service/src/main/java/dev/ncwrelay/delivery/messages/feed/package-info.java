/**
 * The most recent events of all devices. {@link Feed} takes every record of {@code ncw.device.events} into a
 * {@link Ring} per partition, bounded by age and bytes, drops repeated event ids, and then notifies listeners which
 * devices have new events.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.feed;

import org.jspecify.annotations.NullMarked;
