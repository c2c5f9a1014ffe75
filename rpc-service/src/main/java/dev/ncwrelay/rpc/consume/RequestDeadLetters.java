package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.rpc.consume.RequestResult.DeadLettered;
import dev.ncwrelay.rpc.consume.RequestResult.End;
import dev.ncwrelay.rpc.consume.RequestResult.LeftToNextOwner;
import dev.ncwrelay.rpc.partition.RecordContext;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes dead letters of records that cannot be processed, so that they do not block their partition. */
final class RequestDeadLetters {

    private static final Logger log = LoggerFactory.getLogger(RequestDeadLetters.class);

    private final DeadLetterWriter writer;
    private final RetryingSender sender;
    private final RequestMetrics metrics;
    private final Clock clock;

    RequestDeadLetters(DeadLetterWriter writer, RetryingSender sender, RequestMetrics metrics, Clock clock) {
        this.writer = writer;
        this.sender = sender;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The record cannot be decoded. */
    End unreadable(ConsumerRecord<String, byte[]> record, RecordContext recordContext, String reason)
            throws InterruptedException {
        RecordCoordinates.addTo(log.atError(), record)
                .addKeyValue("reason", reason)
                .log("request unreadable");
        return publish(record, recordContext, reason);
    }

    /** A step failed with an exception that it does not expect, which is a defect. */
    End failed(ConsumerRecord<String, byte[]> record, RecordContext recordContext, RuntimeException failure)
            throws InterruptedException {
        RecordCoordinates.addTo(log.atError(), record).setCause(failure).log("request failed unexpectedly");
        return publish(record, recordContext, reason(failure));
    }

    /** The reason that the dead letter of a defect has. */
    static String reason(RuntimeException failure) {
        return "failed unexpectedly: " + failure.getClass().getName();
    }

    private End publish(ConsumerRecord<String, byte[]> record, RecordContext recordContext, String reason)
            throws InterruptedException {
        var letter = DeadLetters.of(record, reason, clock.instant());
        var written = writer.write(
                letter,
                attempt -> sender.publish(attempt, recordContext::isHeld).isPresent());
        if (written.isEmpty()) {
            return new LeftToNextOwner();
        }
        metrics.deadLettered(written.get());
        return new DeadLettered();
    }
}
