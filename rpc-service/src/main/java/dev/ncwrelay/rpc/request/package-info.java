/**
 * Validates RPC requests: an {@link InvokeRequest} can be sent as it is, and its {@link InvokeBody} is encoded and
 * hashed once for all attempts. {@link SdkMethod} decides whether the call is repeatable.
 */
@NullMarked
package dev.ncwrelay.rpc.request;

import org.jspecify.annotations.NullMarked;
