/**
 * Edge: the Kafka consumer. {@link PollLoop} reads {@code ncw.rpc.requests}, dispatches each record and commits
 * progress; {@link RequestHandler} decodes, deduplicates, calls and replies. An offset is committed as finished only
 * when its reply or dead letter is acknowledged.
 */
@NullMarked
package dev.ncwrelay.rpc.consume;

import org.jspecify.annotations.NullMarked;
