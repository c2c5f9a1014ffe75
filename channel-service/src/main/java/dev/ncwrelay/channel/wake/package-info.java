/**
 * When a device is woken by push messages, which is decided from the events and the acknowledgements in Kafka: a device has
 * something unacknowledged, was not served since, and was not woken recently.
 */
@NullMarked
package dev.ncwrelay.channel.wake;

import org.jspecify.annotations.NullMarked;
