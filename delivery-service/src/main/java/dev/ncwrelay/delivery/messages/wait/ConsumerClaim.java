package dev.ncwrelay.delivery.messages.wait;

/**
 * A named consumer's claim to receive messages. The later of two claims supersedes the earlier one, even if that one
 * waits again afterwards.
 *
 * @param sequence position of the claim in the order of this node's claims
 */
public record ConsumerClaim(String consumer, long sequence) {}
