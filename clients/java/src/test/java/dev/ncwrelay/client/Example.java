package dev.ncwrelay.client;

import java.net.URI;
import java.util.function.Consumer;

/** The code of the README, which a test runs. */
final class Example {

    private Example() {}

    static String receiveAndCall(URI baseUrl, String deviceId, TokenSupplier tokens, Consumer<Message> app)
            throws InterruptedException {
        // README: begin
        try (var relay = RelayClient.builder(baseUrl, deviceId, tokens).build()) {
            try (var messages = relay.messages(MessageOptions.onGap(gap -> {
                // Messages are missing: load what they would have changed, then go on.
                return GapPolicy.Decision.CONTINUE;
            }))) {
                Message message;
                do {
                    message = messages.next();
                    app.accept(message);
                    messages.ack();
                } while (!message.type().equals("transaction.status.updated"));
            }
            return relay.rpc("{\"method\":\"get_service_certificates\"}");
        }
        // README: end
    }
}
