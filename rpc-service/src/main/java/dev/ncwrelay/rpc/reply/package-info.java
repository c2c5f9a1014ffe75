/**
 * Writes the outcome of each call to {@code ncw.rpc.replies} and waits for the acknowledgement. The reply to a
 * repeated request is read back from the topic and published again.
 */
@NullMarked
package dev.ncwrelay.rpc.reply;

import org.jspecify.annotations.NullMarked;
