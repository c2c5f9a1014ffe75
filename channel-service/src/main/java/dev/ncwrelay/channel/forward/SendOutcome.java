package dev.ncwrelay.channel.forward;

/** What a channel did with a message. */
public sealed interface SendOutcome {

    /** It is responsible for the message now. */
    record Accepted() implements SendOutcome {}

    /** It accepts no message of this device at present; the message is sent again later, before all others of the device. */
    record Refused(String reason) implements SendOutcome {}

    /** The device's channel no longer exists. */
    record Gone(String reason) implements SendOutcome {}
}
