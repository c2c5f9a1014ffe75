package dev.ncwrelay.delivery;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An operation, as its users need it described.
 *
 * @param key method and path
 * @param id operationId
 * @param answers what each status of success holds; an empty name of a schema stands for no body
 * @param problems types of the problems it may answer with, besides those of any request
 * @param request example of a body, or nothing
 */
record DescribedOperation(
        String key,
        String id,
        String summary,
        String description,
        Map<Integer, Answer> answers,
        List<String> problems,
        String request) {

    /**
     * An answer.
     *
     * @param schema name of a schema, {@code Name[]} for a list of them
     * @param example JSON, or nothing
     */
    record Answer(String description, String schema, String example) {

        static final Answer NOTHING = new Answer("Done.", "", "");

        /** True for what a wait may end without. */
        boolean mayBeEmpty() {
            return List.of("MessagePage", "Message[]", "Listed[]").contains(schema);
        }
    }

    private static final String DEVICE = "/v1/devices/{deviceId}";
    private static final String DEMO = "/api/devices/{deviceId}";
    private static final String CALL = "{\"message\":\"{\\\"type\\\":\\\"GetServiceCertificates\\\"}\"}";

    private static final Answer PAGE = new Answer(
            "The messages after the position, oldest first; none when the wait is over.", "MessagePage", """
            {"messages":[{"id":"e-1","cursor":"AQ","type":"transaction.status.updated","createdAt":"2026-01-02T03:04:05Z",
            "walletId":"w-1","data":{"id":"t-1"}}],"next":"AQ","more":false,"caughtUp":true}""");

    private static final Answer FIREBLOCKS = new Answer(
            "What Fireblocks answered, byte for byte, its errors included.", "FireblocksAnswer", "{\"result\":{}}");

    private static final Answer PENDING = new Answer(
            "The call is durable and has no answer yet; the header Location says where to ask for it.",
            "Pending",
            "{\"requestId\":\"r-1\",\"status\":\"pending\"}");

    private static final List<String> CALL_PROBLEMS = List.of("request-id-in-use", "too-many-calls", "rpc-failed");

    static final List<DescribedOperation> ALL = List.of(
            new DescribedOperation(
                    "PUT " + DEVICE,
                    "registerDevice",
                    "Registers a device",
                    "For the backend of the wallet's vendor: the token needs the scope devices:write. The registration is"
                            + " durable and known to this node when it is answered.",
                    Map.of(
                            200,
                            new Answer("The device was known; this is what it is now.", "DeviceResponse", registered()),
                            201,
                            new Answer("The device is new.", "DeviceResponse", registered())),
                    List.of("insufficient-scope", "foreign-tenant"),
                    "{\"walletId\":\"w-1\",\"userId\":\"user-1\"}"),
            ofDevice(
                    "POST " + DEVICE + "/messages:poll",
                    "poll",
                    "Acknowledges, then waits for messages",
                    "Begins at `after`, or where the consumer has acknowledged. Of several polls of one named consumer the"
                            + " newest is held; the older ends with 409.",
                    Map.of(200, PAGE),
                    List.of(
                            "superseded",
                            "too-many-consumers",
                            "too-many-single-acks",
                            "position-gone",
                            "too-fast",
                            "too-many-polls"),
                    "{\"consumer\":\"phone\",\"ack\":\"AQ\",\"wait\":25}"),
            ofDevice(
                    "GET " + DEVICE + "/messages",
                    "read",
                    "Waits for messages and changes nothing",
                    "As a poll, but it neither acknowledges nor ends a poll of the same consumer.",
                    Map.of(200, PAGE),
                    List.of("position-gone", "too-fast", "too-many-polls", "too-many-consumers"),
                    ""),
            ofDevice(
                    "POST " + DEVICE + "/acks",
                    "acknowledge",
                    "Acknowledges up to a cursor, or single messages",
                    "It is durable when it is answered. Acknowledged messages are not sent to this consumer again.",
                    Map.of(204, Answer.NOTHING),
                    List.of("position-gone", "too-many-consumers", "too-many-single-acks", "too-fast"),
                    "{\"consumer\":\"phone\",\"ack\":\"AQ\"}"),
            ofDevice(
                    "POST " + DEVICE + "/rpc",
                    "call",
                    "Carries an SDK's message to Fireblocks",
                    "Answers what Fireblocks answers. The same Request-Id with the same message gets the same answer. With"
                            + " `Prefer: respond-async` it answers 202 as soon as the call is durable, or after `wait=n` seconds.",
                    Map.of(200, FIREBLOCKS, 202, PENDING),
                    CALL_PROBLEMS,
                    CALL),
            ofDevice(
                    "GET " + DEVICE + "/rpc/{requestId}",
                    "findAnswer",
                    "The answer to an earlier call",
                    "Any node has it for as long as request ids are remembered.",
                    Map.of(200, FIREBLOCKS, 202, PENDING),
                    List.of("unknown-request", "too-fast", "too-many-lookups", "rpc-failed"),
                    ""),
            ofDevice(
                    "POST " + DEVICE + "/tickets",
                    "createTicket",
                    "A ticket for a browser that cannot send headers",
                    "It opens one stream or socket of this device, within seconds.",
                    Map.of(
                            200,
                            new Answer(
                                    "The ticket.",
                                    "Ticket",
                                    "{\"ticket\":\"a.b.c\",\"expiresAt\":\"2026-01-02T03:04:35Z\"}")),
                    List.of(),
                    ""),
            ofDevice(
                    "GET " + DEVICE + "/stream",
                    "stream",
                    "Follows the messages as server-sent events",
                    "Ends after 15 minutes with the event reconnect; clients come back with Last-Event-ID.",
                    Map.of(200, new Answer("Events until the connection ends.", "EventStream", "")),
                    List.of("bad-ticket", "position-gone", "too-many-connections", "too-many-consumers", "too-fast"),
                    ""),
            ofDevice(
                    "POST " + DEMO + "/rpc",
                    "callV0",
                    "Carries an SDK's message to Fireblocks",
                    "As the demo backend: answers what Fireblocks answers. A client that closes the sending half of its"
                            + " connection before that gets 202.",
                    Map.of(200, FIREBLOCKS, 202, PENDING),
                    CALL_PROBLEMS,
                    CALL),
            ofDevice(
                    "GET " + DEMO + "/messages",
                    "pollV0",
                    "Waits for device messages (SDK 7 and before)",
                    "As the demo backend: a message that was handed out is offered again after two minutes, unless it is"
                            + " deleted.",
                    Map.of(
                            200,
                            new Answer(
                                    "The messages, or none when the time is over.",
                                    "Message[]",
                                    "[{\"id\":17,\"message\":\"{}\"}]")),
                    List.of("too-fast", "too-many-polls"),
                    ""),
            ofDevice(
                    "DELETE " + DEMO + "/messages/{id}",
                    "deleteV0",
                    "Deletes a device message that is done with",
                    "As the demo backend.",
                    Map.of(200, new Answer("It is deleted, and that is durable.", "Deleted", "{}")),
                    List.of("unknown-message", "too-fast", "too-many-single-acks"),
                    ""),
            ofDevice(
                    "GET " + DEMO + "/transactions",
                    "listTransactionsV0",
                    "Lists transactions, or waits for the first",
                    "As the demo backend: the newest state of each transaction.",
                    Map.of(
                            200,
                            new Answer(
                                    "The transactions, or none when the time is over.",
                                    "Listed[]",
                                    "[{\"id\":\"t-1\",\"status\":\"COMPLETED\",\"createdAt\":1767323045000,"
                                            + "\"lastUpdated\":1767323046000}]")),
                    List.of("too-fast", "too-many-polls"),
                    ""),
            ofDevice(
                    "GET " + DEMO + "/transactions/{transactionId}",
                    "findTransactionV0",
                    "One transaction",
                    "As the demo backend: with all details, and times as text.",
                    Map.of(
                            200,
                            new Answer(
                                    "The transaction.",
                                    "Single",
                                    "{\"id\":\"t-1\",\"status\":\"COMPLETED\",\"createdAt\":\"2026-01-02T03:04:05Z\","
                                            + "\"lastUpdated\":\"2026-01-02T03:04:06Z\",\"details\":{}}")),
                    List.of("unknown-transaction", "too-fast"),
                    ""));

    boolean isV0() {
        return key.contains(" /api/");
    }

    /** Those of any request included. */
    List<DescribedProblem> allProblems() {
        return DescribedProblem.ALL.stream()
                .filter(problem ->
                        DescribedProblem.OF_ANY_REQUEST.contains(problem.type()) || problems.contains(problem.type()))
                .toList();
    }

    private static DescribedOperation ofDevice(
            String key,
            String id,
            String summary,
            String description,
            Map<Integer, Answer> answers,
            List<String> problems,
            String request) {
        var all = Stream.concat(DescribedProblem.OF_A_DEVICE.stream(), problems.stream())
                .toList();
        return new DescribedOperation(key, id, summary, description, answers, all, request);
    }

    private static String registered() {
        return """
                {"deviceId":"d-1","walletId":"w-1","userId":"user-1","registeredAt":"2026-01-02T03:04:05Z",
                "updatedAt":"2026-01-02T03:04:05Z"}""";
    }
}
