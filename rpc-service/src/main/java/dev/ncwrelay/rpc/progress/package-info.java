/** How far the work of a partition has come, and the words in which Kafka keeps that for the next owner. */
@NullMarked
package dev.ncwrelay.rpc.progress;

import org.jspecify.annotations.NullMarked;
