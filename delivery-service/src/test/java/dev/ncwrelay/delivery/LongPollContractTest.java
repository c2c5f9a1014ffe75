package dev.ncwrelay.delivery;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

class LongPollContractTest extends DeliveryContract {

    @Override
    StreamClient connect(RunningDelivery service, String device, @Nullable String consumer, @Nullable String after) {
        var client = new Polling(service, device, consumer);
        Thread.ofVirtual().start(() -> client.run(after));
        return client;
    }

    /** The held poll is answered as after a timeout; the next one cannot connect. */
    @Override
    String farewell() {
        return "gone";
    }

    @Override
    boolean isAlwaysConnected() {
        return false;
    }

    private static final class Polling extends StreamClient {

        private final RunningDelivery delivery;
        private final String device;
        private final @Nullable String consumer;
        private volatile boolean closed;

        private Polling(RunningDelivery delivery, String device, @Nullable String consumer) {
            this.delivery = delivery;
            this.device = device;
            this.consumer = consumer;
        }

        private void run(@Nullable String begin) {
            var after = begin;
            try {
                while (!closed) {
                    var answer = delivery.poll(device, body(after));
                    if (answer.status() == 503) {
                        continue;
                    }
                    if (answer.status() == 410) {
                        gap(answer.json());
                        end("reset");
                        return;
                    }
                    if (answer.status() != 200) {
                        end(answer.status() == 409 ? "superseded" : answer.text());
                        return;
                    }
                    if (!closed) {
                        answer.json().path("messages").forEach(this::message);
                    }
                    after = answer.next();
                }
            } catch (CompletionException e) {
                end("gone");
            }
        }

        private String body(@Nullable String after) {
            return "{\"wait\":1,\"limit\":7"
                    + (consumer == null ? "" : ",\"consumer\":\"" + consumer + "\"")
                    + (after == null ? "" : ",\"after\":\"" + after + "\"")
                    + "}";
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
