/**
 * Edge: messages, acknowledgements and RPC calls over one WebSocket (RFC 6455), in the protocol ncw.relay.v1+json.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.websocket;

import org.jspecify.annotations.NullMarked;
