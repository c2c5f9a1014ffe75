/**
 * Reads the events in a consumer group per kind of channel. What is done with them is an {@link AssignedPartition}, which is
 * loaded for each partition that the group assigns to this instance.
 */
@NullMarked
package dev.ncwrelay.channel.consume;

import org.jspecify.annotations.NullMarked;
