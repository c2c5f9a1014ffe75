/** Edge: RPC calls of the app's SDK over HTTP. The reply has Fireblocks' bytes, unchanged. */
@NullMarked
package dev.ncwrelay.delivery.rpc;

import org.jspecify.annotations.NullMarked;
