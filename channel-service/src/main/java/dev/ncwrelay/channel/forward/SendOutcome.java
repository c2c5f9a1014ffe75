package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelMetrics;

/** What a channel did with a message. */
public sealed interface SendOutcome {

    void count(ChannelMetrics metrics);

    /** It is responsible for the message now. */
    record Accepted() implements SendOutcome {
        @Override
        public void count(ChannelMetrics metrics) {
            metrics.accepted();
        }
    }

    /** It accepts no message of this device at present; the message is sent again later, before all others of the device. */
    record Refused(String reason) implements SendOutcome {
        @Override
        public void count(ChannelMetrics metrics) {
            metrics.refused();
        }
    }

    /** The device's channel no longer exists. */
    record Gone(String reason) implements SendOutcome {
        @Override
        public void count(ChannelMetrics metrics) {
            metrics.gone();
        }
    }
}
