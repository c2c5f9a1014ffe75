package dev.ncwrelay.channel.consume;

/** A kind of channel cannot be used at present, for any device. */
public final class ChannelUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ChannelUnavailableException(String reason) {
        super(reason);
    }

    public ChannelUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
