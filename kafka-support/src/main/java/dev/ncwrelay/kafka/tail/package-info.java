/**
 * Reads topics without a consumer group. {@link TopicTail} reads all partitions of a topic with one thread and
 * continues with new records; it passes records to a {@link TailListener} in partition order, and unreadable ones to
 * the dead letters. {@link LogReader} reads part of a topic once.
 */
@NullMarked
package dev.ncwrelay.kafka.tail;

import org.jspecify.annotations.NullMarked;
