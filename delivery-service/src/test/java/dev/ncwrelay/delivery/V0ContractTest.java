package dev.ncwrelay.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demo backend's protocol, as far as it has words for what the others promise. What is overridden without being a
 * test does not apply to it.
 */
class V0ContractTest extends DeliveryContract {

    @Override
    String eventType() {
        return "NCW_DEVICE_MESSAGE";
    }

    @Override
    StreamClient connect(RunningDelivery service, String device, @Nullable String consumer, @Nullable String after) {
        return new Demo(service, device).begin();
    }

    /** The poll itself is answered like one that timed out; the next finds nobody. */
    @Override
    String farewell() {
        return "gone";
    }

    /** It has no cursor: where it goes on is what it has not deleted. */
    @Override
    void cursor_resumesExactlyOnAnotherConnection() {}

    /** It deletes messages one by one, see {@link CompatFlowTest}. */
    @Override
    void acknowledgement_movesWhereTheNextConnectionBegins() {}

    /** It hands each message to one asker only, see {@link CompatFlowTest}. */
    @Override
    void message_forOneInstallationReachesTheConsumerOfThatName() {}

    /** It has no word for a gap. */
    @Override
    void gap_isToldWithAWayOn() {}

    /** Its pollers have no names. */
    @Override
    void newestConnection_ofANamedConsumerWins() {}

    /** Deletes what it has taken, as the demo clients do. Each poll has a connection of its own. */
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
                    // On to the next.
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

        /** Begins a poll, unless closed. */
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
         * What was handed out is taken to the end: it would be hidden from the next for two minutes. A poll whose client
         * closes its half of the connection is answered at once.
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
                    // It was closed by the other side, or answered and closed here.
                }
            }
        }
    }
}
