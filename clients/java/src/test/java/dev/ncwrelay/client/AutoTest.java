package dev.ncwrelay.client;

class AutoTest extends MessageContract {

    @Override
    Transport transport() {
        return Transport.AUTO;
    }
}
