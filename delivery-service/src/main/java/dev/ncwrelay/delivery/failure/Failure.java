package dev.ncwrelay.delivery.failure;

import dev.ncwrelay.avro.RpcOutcome;
import java.time.Duration;
import java.util.List;

/** Why the service refuses what a client asks. Each edge maps it to its protocol in one place. */
public sealed interface Failure {

    /** The failure as an exception, for futures and for callers that cannot continue. */
    default FailureException exception() {
        return new FailureException(this);
    }

    /** The request breaks a rule of the API; {@code expected} states the rule. */
    record InvalidRequest(String expected) implements Failure {}

    /** A dependency does not answer, or this node is full; the same request may succeed later. */
    record Unavailable(String cause) implements Failure {}

    record UnknownDevice(String deviceId) implements Failure {}

    /** The device is registered for another user. */
    record ForeignDevice() implements Failure {}

    /**
     * Messages after the position may be missing.
     *
     * @param reason stable name of the reason
     * @param earliest the cursor to continue with
     */
    record PositionGone(String reason, String earliest) implements Failure {}

    /** Ids that name no message the device can read; nothing was acknowledged. */
    record UnknownMessages(List<String> ids) implements Failure {}

    record TooManyConsumers(int limit) implements Failure {}

    /** More messages are acknowledged one by one than a consumer may have. */
    record TooManyIndividualAcks(int limit) implements Failure {}

    record TooManyConnections(int limit) implements Failure {}

    record BodyTooLarge(long maxBytes) implements Failure {}

    /** The bytes of a body arrive more slowly than the minimum rate. */
    record BodyTooSlow() implements Failure {}

    /** More RPC calls of the device are unanswered than may be. */
    record TooManyCalls(int limit) implements Failure {}

    /** More RPC calls of the user are being looked up than may be. */
    record TooManyLookups() implements Failure {}

    /** The request id belongs to another message. */
    record RequestIdInUse() implements Failure {}

    /**
     * There is no RPC call with this id.
     *
     * @param memory how long request ids are known
     */
    record UnknownRequest(Duration memory) implements Failure {}

    /** Fireblocks refused the call itself, with this HTTP status. */
    record CallRefused(int status) implements Failure {}

    /** The call has no answer of Fireblocks. */
    record CallFailed(RpcOutcome outcome, String detail) implements Failure {}

    /** No reply, not even a failure, came in time. */
    record NoReply(String requestId) implements Failure {}
}
