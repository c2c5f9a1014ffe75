/**
 * Sends records and waits for the acknowledgement of all in-sync replicas. {@link RecordSender} sends through a
 * {@link SendQueue} and completes a future, so that no caller blocks in the producer; {@link RetryingSender} blocks,
 * and repeats until the record is acknowledged or no longer wanted.
 */
@NullMarked
package dev.ncwrelay.kafka.send;

import org.jspecify.annotations.NullMarked;
