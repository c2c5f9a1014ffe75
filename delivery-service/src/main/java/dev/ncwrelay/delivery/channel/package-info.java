/**
 * Edge: a device's user subscribes the device to channels, to which channel-service forwards its events. {@link
 * ChannelSubscriber} writes {@code ncw.device.channels}; a subscription ends with the ownership of the device.
 */
@NullMarked
package dev.ncwrelay.delivery.channel;

import org.jspecify.annotations.NullMarked;
