/**
 * The service that devices talk to. Every node serves every device: its message stream over long polling, server-sent
 * events and WebSocket, its RPC calls, and its registration.
 */
@NullMarked
package dev.ncwrelay.delivery;

import org.jspecify.annotations.NullMarked;
