/**
 * The app's side of NCW Relay: the messages of a device in order, over any transport that works, and the calls of
 * Fireblocks' SDK. Begin with {@link dev.ncwrelay.client.RelayClient}.
 */
@NullMarked
package dev.ncwrelay.client;

import org.jspecify.annotations.NullMarked;
