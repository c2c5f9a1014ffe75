package dev.ncwrelay.delivery.messages.stream;

/** Why a position is no longer available; the names are part of the protocol. */
public enum PositionLossReason {
    /** The retention of messages after it has ended. */
    RETENTION,
    /** It belongs to an earlier generation of the topic. */
    GENERATION,
    /** Messages after it were removed because the device exceeded its maximum number or size of messages. */
    TRIMMED,
    /** It is not a cursor of this service, or not of this device's current ownership. */
    FOREIGN
}
