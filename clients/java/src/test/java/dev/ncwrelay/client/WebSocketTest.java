package dev.ncwrelay.client;

class WebSocketTest extends MessageContract {

    @Override
    Transport transport() {
        return Transport.WEBSOCKET;
    }
}
