package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.call.Invoked;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.reply.AcknowledgedProducer;
import dev.ncwrelay.rpc.reply.Replies;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.kafka.DeadLetters;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Carries one record out, from its bytes to the acknowledged reply. Blocks, so it is called on a thread of its own. */
final class RequestHandler {

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);
    private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

    private final RecordCodec codec;
    private final Invoker invoker;
    private final Replies replies;
    private final AcknowledgedProducer deadLetters;
    private final RequestMeters meters;
    private final Clock clock;

    RequestHandler(
            RecordCodec codec,
            Invoker invoker,
            Replies replies,
            AcknowledgedProducer deadLetters,
            RequestMeters meters,
            Clock clock) {
        this.codec = codec;
        this.invoker = invoker;
        this.replies = replies;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Carries the record out.
     *
     * @param held false once somebody else has the partition, and with it the duty to finish
     * @return true when the record needs nothing more: its reply, or its dead letter, is on the log
     */
    boolean handle(ConsumerRecord<String, byte[]> record, BooleanSupplier held) throws InterruptedException {
        try {
            return switch (read(record, held)) {
                case Decoded.Value<RpcRequest>(var request) -> answer(record, request, held);
                case Decoded.Unreadable<RpcRequest>(var reason) -> {
                    at(log.atError(), record).addKeyValue("reason", reason).log("request unreadable");
                    yield deadLetter(record, reason, held);
                }
                case Decoded.RegistryDown<RpcRequest> _ -> false;
            };
        } catch (RuntimeException e) {
            at(log.atError(), record).setCause(e).log("request failed unexpectedly");
            return deadLetter(record, "failed unexpectedly: " + e.getClass().getName(), held);
        }
    }

    private boolean answer(ConsumerRecord<String, byte[]> record, RpcRequest request, BooleanSupplier held)
            throws InterruptedException {
        long began = System.nanoTime();
        var invoked = switch (InvokeRequest.check(request)) {
            case InvokeRequest.Check.Callable(var callable) -> invoker.invoke(callable);
            case InvokeRequest.Check.Uncallable(var reason) ->
                new Invoked(new Outcome.Unreachable(reason), Duration.ZERO);
        };
        if (!replies.publish(request, record.headers(), invoked, held)) {
            return false;
        }
        var total = Duration.ofNanos(System.nanoTime() - began);
        meters.replied(invoked, total);
        say(request, invoked, total);
        return true;
    }

    private boolean deadLetter(ConsumerRecord<String, byte[]> record, String reason, BooleanSupplier held)
            throws InterruptedException {
        boolean published = deadLetters.publish(DeadLetters.of(record, reason, clock.instant()), held);
        if (published) {
            meters.deadLettered();
        }
        return published;
    }

    /** Waits for the schema registry where a schema is not known yet: bytes nobody can judge now are not bad. */
    private Decoded<RpcRequest> read(ConsumerRecord<String, byte[]> record, BooleanSupplier held)
            throws InterruptedException {
        if (record.value() == null) {
            return new Decoded.Unreadable<>("no value");
        }
        while (true) {
            var decoded = codec.decode(Topics.RPC_REQUESTS, record.value());
            if (!(decoded instanceof Decoded.RegistryDown<RpcRequest>(var reason)) || !held.getAsBoolean()) {
                return decoded;
            }
            at(log.atWarn(), record).addKeyValue("reason", reason).log("request waits for the schema registry");
            Thread.sleep(REGISTRY_PAUSE);
        }
    }

    private static void say(RpcRequest request, Invoked invoked, Duration total) {
        boolean answered = invoked.outcome() instanceof Outcome.Answered;
        (answered ? log.atDebug() : log.atInfo())
                .addKeyValue("requestId", request.getRequestId())
                .addKeyValue("deviceId", request.getDeviceId())
                .addKeyValue("walletId", request.getWalletId())
                .addKeyValue("outcome", invoked.outcome())
                .addKeyValue("millis", total.toMillis())
                .log("request replied to");
    }

    private static LoggingEventBuilder at(LoggingEventBuilder event, ConsumerRecord<?, ?> record) {
        return event.addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset());
    }
}
