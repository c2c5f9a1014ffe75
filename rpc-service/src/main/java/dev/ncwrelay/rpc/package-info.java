/** Carries client payloads to Fireblocks' invoke RPC and the answers back: request, sign, call, reply, behind one Kafka edge. */
@NullMarked
package dev.ncwrelay.rpc;

import org.jspecify.annotations.NullMarked;
