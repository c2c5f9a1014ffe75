/** The call to Fireblocks' invoke RPC: one signed attempt over HTTP, its repetition, and what it came to. */
@NullMarked
package dev.ncwrelay.rpc.call;

import org.jspecify.annotations.NullMarked;
