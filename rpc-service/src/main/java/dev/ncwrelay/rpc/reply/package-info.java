/** Writes what calls came to onto the log, and is satisfied only when the broker has it. */
@NullMarked
package dev.ncwrelay.rpc.reply;

import org.jspecify.annotations.NullMarked;
