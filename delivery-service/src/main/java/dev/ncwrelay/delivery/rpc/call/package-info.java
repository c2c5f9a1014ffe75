/**
 * RPC calls of devices. {@link RpcCalls} registers for the reply, writes the request to {@code ncw.rpc.requests},
 * once for each request id, and completes when the reply comes; {@link RpcLookups} finds calls made on any node.
 */
@NullMarked
package dev.ncwrelay.delivery.rpc.call;

import org.jspecify.annotations.NullMarked;
