package dev.ncwrelay.client;

class EventStreamTest extends MessageContract {

    @Override
    Transport transport() {
        return Transport.SSE;
    }
}
