/**
 * The subscriptions of all devices and the states of their channels, in memory: read from {@code ncw.device.channels}, which
 * delivery-service writes, and from {@code ncw.device.channel.states}, which this service writes.
 */
@NullMarked
package dev.ncwrelay.channel.subscription;

import org.jspecify.annotations.NullMarked;
