/** Fireblocks in one process: invoke RPC, webhooks, keys and an issuer behind one address. */
@NullMarked
package dev.ncwrelay.testkit.fireblocks;

import org.jspecify.annotations.NullMarked;
