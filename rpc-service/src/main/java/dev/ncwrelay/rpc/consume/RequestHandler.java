package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.partition.RecordContext;
import dev.ncwrelay.rpc.partition.RequestDeduplicator;
import dev.ncwrelay.rpc.reply.ReplyPublisher;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.request.RequestKey;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Carries one record out, from its bytes to the acknowledged reply. Blocks, so it is called on a thread of its own. */
final class RequestHandler {

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);
    private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

    private static final String NO_METHOD = "none";

    private final RecordCodec codec;
    private final Invoker invoker;
    private final ReplyPublisher replies;
    private final RetryingSender deadLetters;
    private final RequestMetrics meters;
    private final Clock clock;

    RequestHandler(
            RecordCodec codec,
            Invoker invoker,
            ReplyPublisher replies,
            RetryingSender deadLetters,
            RequestMetrics meters,
            Clock clock) {
        this.codec = codec;
        this.invoker = invoker;
        this.replies = replies;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.clock = clock;
    }

    /** Carries the record out, unless it is done already or somebody else has it meanwhile. */
    void handle(ConsumerRecord<String, byte[]> record, RecordContext place) throws InterruptedException {
        orDeadLetter(record, place, () -> process(record, place), place::finished);
    }

    /** Answers the record without carrying it out: its device has enough requests here. */
    void refuse(ConsumerRecord<String, byte[]> record, RecordContext place) throws InterruptedException {
        orDeadLetter(record, place, () -> refuseIfReadable(record, place), place::finished);
    }

    private void process(ConsumerRecord<String, byte[]> record, RecordContext place) throws InterruptedException {
        switch (read(record, place)) {
            case Decoded.Value<RpcRequest>(var request) -> handle(record, request, place);
            case Decoded.Unreadable<RpcRequest>(var reason) -> {
                withCoordinates(log.atError(), record)
                        .addKeyValue("reason", reason)
                        .log("request unreadable");
                if (deadLetter(record, reason, place)) {
                    place.finished();
                }
            }
            case Decoded.RegistryDown<RpcRequest> _ -> {}
        }
    }

    private void refuseIfReadable(ConsumerRecord<String, byte[]> record, RecordContext place)
            throws InterruptedException {
        if (!(read(record, place) instanceof Decoded.Value<RpcRequest>(var request))) {
            process(record, place);
            return;
        }
        var key = new RequestKey(request.getDeviceId(), request.getRequestId());
        switch (place.admitNow(key)) {
            case RequestDeduplicator.Admission.First _ ->
                orDeadLetter(record, place, () -> refuse(record, request, key, place), () -> place.abandoned(key));
            case RequestDeduplicator.Admission.Joined _ -> meters.repeated(NO_METHOD);
            case RequestDeduplicator.Admission.Answered(var reply) -> republish(key, reply, place);
        }
    }

    private void refuse(ConsumerRecord<String, byte[]> record, RpcRequest request, RequestKey key, RecordContext place)
            throws InterruptedException {
        var refused = new CallResult(
                new Outcome.Unreachable("the device has as many requests waiting here as it may", true), Duration.ZERO);
        var published = publish(record, request, refused, place);
        if (published.isPresent()) {
            place.answered(key, published.getAsLong());
            meters.refused();
        }
    }

    private void handle(ConsumerRecord<String, byte[]> record, RpcRequest request, RecordContext place)
            throws InterruptedException {
        var key = new RequestKey(request.getDeviceId(), request.getRequestId());
        switch (place.admit(key)) {
            case RequestDeduplicator.Admission.First _ ->
                orDeadLetter(record, place, () -> answer(record, request, key, place), () -> place.abandoned(key));
            case RequestDeduplicator.Admission.Joined _ -> meters.repeated(NO_METHOD);
            case RequestDeduplicator.Admission.Answered(var reply) -> republish(key, reply, place);
        }
    }

    /** The answer of an owner before is news still; one that was asked for again may be forgotten by now. */
    private void republish(RequestKey key, long replyOffset, RecordContext place) throws InterruptedException {
        meters.repeated(NO_METHOD);
        if (place.isUncertain() || replies.republish(key.deviceId(), replyOffset, place::isHeld)) {
            place.finished();
        }
    }

    /** What is done with a record. */
    @FunctionalInterface
    private interface RecordAction {
        void take() throws InterruptedException;
    }

    /**
     * A defect of ours must not hold up the partition for ever.
     *
     * @param isSetAside said when the record is a dead letter
     */
    private void orDeadLetter(
            ConsumerRecord<String, byte[]> record, RecordContext place, RecordAction step, Runnable isSetAside)
            throws InterruptedException {
        try {
            step.take();
        } catch (RuntimeException e) {
            if (deadLetter(record, unexpected(record, e), place)) {
                isSetAside.run();
            }
        }
    }

    private void answer(ConsumerRecord<String, byte[]> record, RpcRequest request, RequestKey key, RecordContext place)
            throws InterruptedException {
        var check = InvokeRequest.check(request);
        var method = check instanceof InvokeRequest.Check.Valid(var callable)
                ? callable.method().label()
                : NO_METHOD;
        if (isAnsweredBefore(check, key, place)) {
            meters.repeated(method);
            return;
        }
        var invoked = invoke(record, check, place);
        if (invoked.isEmpty()) {
            return;
        }
        var published = publish(record, request, invoked.get(), place);
        if (published.isEmpty()) {
            return;
        }
        place.answered(key, published.getAsLong());
        var total = Duration.ofNanos(System.nanoTime() - place.readAt());
        meters.replied(method, invoked.get(), total);
        logReplied(request, method, invoked.get(), total);
    }

    private boolean isAnsweredBefore(InvokeRequest.Check check, RequestKey key, RecordContext place)
            throws InterruptedException {
        return check instanceof InvokeRequest.Check.Valid(var request)
                && !request.method().repeatable()
                && place.awaitInheritedReply(key, Duration.between(clock.instant(), request.deadline()));
    }

    /** Empty when the call is for the next owner of the partition to make. */
    private Optional<CallResult> invoke(
            ConsumerRecord<String, byte[]> record, InvokeRequest.Check check, RecordContext place)
            throws InterruptedException {
        if (!(check instanceof InvokeRequest.Check.Valid(var request))) {
            return Optional.of(new CallResult(new Outcome.Unreachable(reason(check), true), Duration.ZERO));
        }
        if (request.method().repeatable()) {
            return invoke(record, request, place);
        }
        if (place.isUncertain()) {
            return Optional.of(new CallResult(
                    new Outcome.Ambiguous("the instance that may have made the call ended without an answer", true),
                    Duration.ZERO));
        }
        if (request.isExpired(clock.instant())) {
            return Optional.of(new CallResult(new Outcome.Expired(), Duration.ZERO));
        }
        return place.beginNonRepeatable() ? invoke(record, request, place) : Optional.empty();
    }

    private Optional<CallResult> invoke(
            ConsumerRecord<String, byte[]> record, InvokeRequest request, RecordContext place)
            throws InterruptedException {
        try {
            return Optional.of(invoker.invoke(request));
        } catch (RuntimeException e) {
            var reason = unexpected(record, e);
            if (!deadLetter(record, reason, place)) {
                return Optional.empty();
            }
            return Optional.of(new CallResult(new Outcome.Ambiguous(reason, true), Duration.ZERO));
        }
    }

    private static String unexpected(ConsumerRecord<String, byte[]> record, RuntimeException e) {
        withCoordinates(log.atError(), record).setCause(e).log("request failed unexpectedly");
        return "failed unexpectedly: " + e.getClass().getName();
    }

    /** What comes after the end of the assignment is not said: the next owner says what becomes of the request. */
    private OptionalLong publish(
            ConsumerRecord<String, byte[]> record, RpcRequest request, CallResult invoked, RecordContext place)
            throws InterruptedException {
        return place.isHeld()
                ? replies.publish(request, record.headers(), invoked, place::isHeld)
                : OptionalLong.empty();
    }

    private boolean deadLetter(ConsumerRecord<String, byte[]> record, String reason, RecordContext place)
            throws InterruptedException {
        var letter = DeadLetters.of(record, reason, clock.instant());
        try {
            return publish(letter, place, meters::deadLettered);
        } catch (RecordTooLargeException e) {
            // It would be refused for ever, and hold up its partition here and with each next owner.
            withCoordinates(log.atError(), record)
                    .addKeyValue("reason", e)
                    .log("dead letter written without its value");
            return publish(DeadLetters.withoutValue(letter), place, meters::deadLetteredWithoutValue);
        }
    }

    private boolean publish(ProducerRecord<String, byte[]> letter, RecordContext place, Runnable isPublished)
            throws InterruptedException {
        boolean published = deadLetters.publish(letter, place::isHeld).isPresent();
        if (published) {
            isPublished.run();
        }
        return published;
    }

    /** Waits for the schema registry where a schema is not known yet: bytes nobody can judge now are not bad. */
    private Decoded<RpcRequest> read(ConsumerRecord<String, byte[]> record, RecordContext place)
            throws InterruptedException {
        if (record.value() == null) {
            return new Decoded.Unreadable<>("no value");
        }
        while (true) {
            var decoded = codec.decode(Topics.RPC_REQUESTS, record.value());
            if (!(decoded instanceof Decoded.RegistryDown<RpcRequest>(var reason)) || !place.isHeld()) {
                return decoded;
            }
            withCoordinates(log.atWarn(), record)
                    .addKeyValue("reason", reason)
                    .log("request waits for the schema registry");
            Thread.sleep(REGISTRY_PAUSE);
        }
    }

    private static String reason(InvokeRequest.Check check) {
        return check instanceof InvokeRequest.Check.Invalid(var reason) ? reason : "";
    }

    private static void logReplied(RpcRequest request, String method, CallResult invoked, Duration total) {
        boolean answered = invoked.outcome() instanceof Outcome.Answered;
        (answered ? log.atDebug() : log.atInfo())
                .addKeyValue("requestId", request.getRequestId())
                .addKeyValue("deviceId", request.getDeviceId())
                .addKeyValue("walletId", request.getWalletId())
                .addKeyValue("method", method)
                .addKeyValue("outcome", invoked.outcome())
                .addKeyValue("millis", total.toMillis())
                .log("request replied to");
    }

    private static LoggingEventBuilder withCoordinates(LoggingEventBuilder event, ConsumerRecord<?, ?> record) {
        return event.addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset());
    }
}
