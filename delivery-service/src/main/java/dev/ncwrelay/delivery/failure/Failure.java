package dev.ncwrelay.delivery.failure;

import dev.ncwrelay.avro.RpcOutcome;
import java.time.Duration;
import java.util.List;

/** Why the service rejects a request. Each edge maps it to its protocol in one place. */
public sealed interface Failure {

    /** The failure as an exception, for futures and for callers that cannot continue. */
    default FailureException exception() {
        return new FailureException(this);
    }

    /** The request breaks a rule of the API; {@code expected} states the rule. */
    record InvalidRequest(String expected) implements Failure {}

    /** A dependency is unavailable, or a limit of this node is reached; the same request may succeed later. */
    record Unavailable(String cause) implements Failure {}

    record UnknownDevice(String deviceId) implements Failure {}

    /** The device is registered for another user. */
    record ForeignDevice() implements Failure {}

    /**
     * The position is no longer available.
     *
     * @param reason stable name of the reason
     * @param earliest the cursor to continue with
     */
    record PositionGone(String reason, String earliest) implements Failure {}

    /** Ids of no available message of the device; nothing was acknowledged. */
    record UnknownMessages(List<String> ids) implements Failure {}

    record TooManyConsumers(int limit) implements Failure {}

    /** The limit of individually acknowledged messages of a consumer is exceeded. */
    record TooManyIndividualAcks(int limit) implements Failure {}

    /** The limit of subscriptions to a kind of channel, of all devices, is reached. */
    record TooManySubscriptions(String kind, int limit) implements Failure {}

    /** The limit of subscriptions of one device to a kind of channel is reached, and none of them is broken. */
    record TooManySubscriptionsOfDevice(String kind, int limit) implements Failure {}

    record TooManyConnections(int limit) implements Failure {}

    record BodyTooLarge(long maxBytes) implements Failure {}

    /** The bytes of a body arrive more slowly than the minimum rate. */
    record BodyTooSlow() implements Failure {}

    /** The limit of in-flight calls of the device is reached. */
    record TooManyCalls(int limit) implements Failure {}

    /** The limit of concurrent lookups of the user is reached. */
    record TooManyLookups() implements Failure {}

    /** The request id belongs to another message. */
    record RequestIdInUse() implements Failure {}

    /**
     * There is no RPC call with this id.
     *
     * @param memory how long request ids are remembered
     */
    record UnknownRequest(Duration memory) implements Failure {}

    /** Fireblocks rejected the call with this HTTP status. */
    record CallRefused(int status) implements Failure {}

    /** The call has no response from Fireblocks. */
    record CallFailed(RpcOutcome outcome, String detail) implements Failure {}

    /** No reply within the timeout. */
    record NoReply(String requestId) implements Failure {}
}
