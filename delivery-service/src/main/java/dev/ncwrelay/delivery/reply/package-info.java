/** Answers to RPC requests on their way back to whoever waits for them on this node. */
@NullMarked
package dev.ncwrelay.delivery.reply;

import org.jspecify.annotations.NullMarked;
