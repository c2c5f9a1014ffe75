package dev.ncwrelay.kafka.listener;

import dev.ncwrelay.kafka.thread.CriticalThread;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Repeats what a batch listener has failed at. Spring's default would skip a record after ten attempts. */
public final class RepeatingErrorHandler implements CommonErrorHandler {

    private final Repetition repetition;

    /** Positions the consumer so that what has failed is read again, and pauses. */
    @FunctionalInterface
    public interface Repetition {

        /**
         * Prepares the next attempt.
         *
         * @param records the batch that has failed; none when it was not the listener that failed
         */
        void repeat(Exception failure, ConsumerRecords<?, ?> records, Consumer<?, ?> consumer);
    }

    public RepeatingErrorHandler(Repetition repetition) {
        this.repetition = repetition;
    }

    /** Calls a listener so that each exception reaches this handler, and an error ends the process. */
    public static void call(Runnable listener) {
        try {
            listener.run();
        } catch (ApiException e) {
            // The container would take some of these for failures of its own consumer, and not call its error handler.
            throw new IllegalStateException(e.toString(), e);
        } catch (Error e) {
            // The container would only stop.
            CriticalThread.end(e);
        }
    }

    /** By default the records of a batch that failed are committed once this handler returns. */
    @Override
    public boolean isAckAfterHandle() {
        return false;
    }

    @Override
    public void handleOtherException(
            Exception failure, Consumer<?, ?> consumer, MessageListenerContainer container, boolean isBatch) {
        if (failure instanceof InterruptException) {
            container.stop(() -> {});
        } else {
            repetition.repeat(failure, ConsumerRecords.empty(), consumer);
        }
    }

    @Override
    public void handleBatch(
            Exception failure,
            ConsumerRecords<?, ?> records,
            Consumer<?, ?> consumer,
            MessageListenerContainer container,
            Runnable invokeListener) {
        repetition.repeat(failure, records, consumer);
    }
}
