/**
 * Replies to RPC requests. {@link ReplyRegistry} passes each reply of {@code ncw.rpc.replies} to the calls that wait
 * for it on this node and keeps recent ones; {@link CompletedCalls} reads older ones from the topic.
 */
@NullMarked
package dev.ncwrelay.delivery.rpc.reply;

import org.jspecify.annotations.NullMarked;
