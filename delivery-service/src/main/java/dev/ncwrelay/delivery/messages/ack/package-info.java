/**
 * The acknowledged position of each consumer: {@link AckPositions} holds all of them on every node and stores them on
 * {@code ncw.device.cursors}. Positions only grow, so concurrent writes of several nodes are merged.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.ack;

import org.jspecify.annotations.NullMarked;
