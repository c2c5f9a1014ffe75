package dev.ncwrelay.delivery.messages.wait;

/**
 * A named consumer's claim to be the one who receives. Of two claims the later goes on, however often either waits.
 *
 * @param sequence when it was made, in the order of this node's claims
 */
public record ConsumerClaim(String consumer, long sequence) {}
