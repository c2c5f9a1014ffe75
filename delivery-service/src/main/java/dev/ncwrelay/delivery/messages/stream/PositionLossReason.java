package dev.ncwrelay.delivery.messages.stream;

/** Why a position is lost; the names are part of the protocol. */
public enum PositionLossReason {
    /** What came after it was kept long enough. */
    RETENTION,
    /** It belongs to an earlier life of the topic. */
    GENERATION,
    /** The device had more messages than it may have. */
    TRIMMED,
    /** It was not made here, or not for this device. */
    FOREIGN
}
