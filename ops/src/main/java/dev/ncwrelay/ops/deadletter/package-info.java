/**
 * Finds, shows and redrives dead letters on any Kafka cluster. A redriven record returns to its topic and partition
 * with a header that names its dead letter, so that it is redriven once.
 */
@NullMarked
package dev.ncwrelay.ops.deadletter;

import org.jspecify.annotations.NullMarked;
