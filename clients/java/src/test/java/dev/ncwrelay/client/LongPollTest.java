package dev.ncwrelay.client;

class LongPollTest extends MessageContract {

    @Override
    Transport transport() {
        return Transport.LONG_POLL;
    }
}
