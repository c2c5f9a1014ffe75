/**
 * The subscriptions of all devices to channels and their states, in memory on every node: {@link ChannelRegistry} reads
 * {@code ncw.device.channels} and {@code ncw.device.channel.states}. While no kind of channel can be used, it reads
 * nothing.
 */
@NullMarked
package dev.ncwrelay.delivery.channel.registry;

import org.jspecify.annotations.NullMarked;
