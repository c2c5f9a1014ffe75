package dev.ncwrelay.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The guarantees that the demo backend's protocol can express. Overridden methods without a test do not apply to it.
 */
class CompatContractTest extends DeliveryContract {

    @Override
    String eventType() {
        return "NCW_DEVICE_MESSAGE";
    }

    @Override
    StreamClient connect(RunningDelivery service, String device, @Nullable String consumer, @Nullable String after) {
        return new Demo(service, device).begin();
    }

    /** The held poll is answered as after a timeout; the next one cannot connect. */
    @Override
    String farewell() {
        return "gone";
    }

    /** It has no cursor: it continues with what is not deleted. */
    @Override
    void cursor_resumesExactlyOnAnotherConnection() {}

    /** It deletes messages individually, see {@link CompatFlowTest}. */
    @Override
    void acknowledgement_movesTheStartOfTheNextConnection() {}

    /** It delivers each message to one client only, see {@link CompatFlowTest}. */
    @Override
    void message_forOneInstallation_isSentToTheConsumerOfThatName() {}

    /** It cannot report a gap. */
    @Override
    void gap_isReportedWithTheEarliestPosition() {}

    /** Its clients have no consumer names. */
    @Override
    void newestConnection_ofANamedConsumerWins() {}

    /** Deletes received messages, as the demo clients do. Each poll has its own connection. */
    private static final class Demo extends StreamClient {

        private static final JsonMapper JSON = JsonMapper.shared();

        private final RunningDelivery delivery;
        private final String path;
        private final Thread thread;
        private @Nullable RawConnection polling;
        private boolean closed;

        private Demo(RunningDelivery delivery, String device) {
            this.delivery = delivery;
            this.path = "/api/devices/" + device + "/messages";
            this.thread = Thread.ofVirtual().unstarted(this::run);
        }

        private Demo begin() {
            thread.start();
            return this;
        }

        private void run() {
            try {
                while (pollOnce()) {
                    // Continue with the next.
                }
            } catch (IOException | UncheckedIOException | CompletionException e) {
                end("gone");
            }
        }

        /** False when there is no next poll. */
        private boolean pollOnce() throws IOException {
            try (var asked = ask()) {
                if (asked == null) {
                    return false;
                }
                var answer = asked.answer();
                if (answer.status() != 200) {
                    end(answer.body());
                    return false;
                }
                JSON.readTree(answer.body()).forEach(this::take);
                return true;
            }
        }

        /** Starts a poll, unless closed. */
        private synchronized @Nullable RawConnection ask() {
            if (closed) {
                return null;
            }
            polling = RawConnection.open(delivery).get(path + "?timeout=20&batchSize=7");
            return polling;
        }

        private void take(JsonNode handed) {
            var data = JSON.readTree(handed.path("message").asString());
            message(JSON.valueToTree(Map.of(
                    "id",
                    data.path("event").asString(),
                    "type",
                    "NCW_DEVICE_MESSAGE",
                    "cursor",
                    "none",
                    "data",
                    data)));
            delivery.delete(path + "/" + handed.path("id").asLong());
        }

        /**
         * Delivered messages are read to the end: they would be hidden from the next client for two minutes. A poll of
         * a half-closed connection is answered at once.
         */
        @Override
        public void close() {
            try {
                hangUp();
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized void hangUp() {
            closed = true;
            if (polling != null) {
                try {
                    polling.halfClose();
                } catch (IOException e) {
                    // Closed by the other side, or answered and closed here.
                }
            }
        }
    }
}
