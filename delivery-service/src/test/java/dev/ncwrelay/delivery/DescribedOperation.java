package dev.ncwrelay.delivery;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The description of an operation.
 *
 * @param key method and path
 * @param id operationId
 * @param answers the response of each successful status; an empty schema name means no body
 * @param problems types of the problems it may respond with, besides those of any request
 * @param request example of a body, or empty
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
     * A response.
     *
     * @param schema name of a schema, {@code Name[]} for a list of them, {@code One|Other} for one of several
     * @param example JSON, or empty
     */
    record Answer(String description, String schema, String example) {

        static final Answer NOTHING = new Answer("Done.", "", "");

        /** True for what may be empty after a timeout. */
        boolean mayBeEmpty() {
            return List.of("MessagePage", "Message[]", "Listed[]").contains(schema);
        }
    }

    private static final String DEVICE = "/v1/devices/{deviceId}";
    private static final String DEMO = "/api/devices/{deviceId}";
    private static final String DEMO_API = " 404 unless relay.delivery.demo-api.enabled.";
    private static final String CALL = "{\"message\":\"{\\\"type\\\":\\\"GetServiceCertificates\\\"}\"}";

    private static final String CHANNEL = """
            {"kind":"rabbitmq","state":"active","since":"2026-01-02T03:04:06Z","subscribedAt":"2026-01-02T03:04:05Z",
            "connection":{"url":"amqps://mq.example:5671/relay","exchange":"ncw.devices",
            "queue":"ncw.device.d-1.0b6cf3cf-8f4d-4f0e-a1c2-5d4f3e2b1a09",
            "routingKey":"d-1.0b6cf3cf-8f4d-4f0e-a1c2-5d4f3e2b1a09",
            "username":"user-1","passwordSource":"access_token"}}""";

    private static final String FCM = """
            {"kind":"fcm","name":"39d88fd03a0ec981","state":"active","since":"2026-01-02T03:04:06Z",
            "subscribedAt":"2026-01-02T03:04:05Z","connection":{"platform":"android","physicalDeviceId":"p-1",
            "data":{"relay":"1","device":"03204de92e11fc8c528139be41906592"}}}""";

    private static final Answer PAGE =
            new Answer("The messages after the position, oldest first; none after a timeout.", "MessagePage", """
            {"messages":[{"id":"e-1","cursor":"AQ","type":"transaction.status.updated","createdAt":"2026-01-02T03:04:05Z",
            "walletId":"w-1","data":{"id":"t-1"}}],"next":"AQ","more":false,"caughtUp":true}""");

    private static final Answer FIREBLOCKS = new Answer(
            "The response of Fireblocks, byte for byte, errors included.", "FireblocksAnswer", "{\"result\":{}}");

    private static final Answer PENDING = new Answer(
            "The call is stored and has no response yet; Location is the path of its response.",
            "Pending",
            "{\"requestId\":\"r-1\",\"status\":\"pending\"}");

    private static final Answer DEVICE_WALLET =
            new Answer("The wallet of the device.", "DeviceWallet", "{\"walletId\":\"w-1\"}");

    private static final List<String> CALL_PROBLEMS = List.of("request-id-in-use", "too-many-calls", "rpc-failed");

    static final List<DescribedOperation> ALL = List.of(
            new DescribedOperation(
                    "PUT " + DEVICE,
                    "registerDevice",
                    "Registers a device",
                    "For the backend of the wallet's vendor: the token needs the scope devices:write. The registration is"
                            + " stored and visible on this node before the response.",
                    Map.of(
                            200,
                            new Answer(
                                    "The device was registered before; its current registration.",
                                    "DeviceResponse",
                                    registered()),
                            201,
                            new Answer("The device is new.", "DeviceResponse", registered())),
                    List.of("insufficient-scope", "foreign-tenant"),
                    "{\"walletId\":\"w-1\",\"userId\":\"user-1\"}"),
            ofDevice(
                    "POST " + DEVICE + "/messages:poll",
                    "poll",
                    "Acknowledges, then waits for messages",
                    "Starts at `after`, or at the acknowledged position of the consumer. Of several polls of one named"
                            + " consumer the newest is held; older ones end with 409.",
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
                    "Waits for messages without changing state",
                    "As a poll, but it neither acknowledges nor supersedes a poll of the same consumer.",
                    Map.of(200, PAGE),
                    List.of("position-gone", "too-fast", "too-many-polls", "too-many-consumers"),
                    ""),
            ofDevice(
                    "POST " + DEVICE + "/acks",
                    "acknowledge",
                    "Acknowledges up to a cursor, or individual messages",
                    "Stored before the response. Acknowledged messages are not sent to this consumer again.",
                    Map.of(204, Answer.NOTHING),
                    List.of("position-gone", "too-many-consumers", "too-many-single-acks", "too-fast"),
                    "{\"consumer\":\"phone\",\"ack\":\"AQ\"}"),
            ofDevice(
                    "POST " + DEVICE + "/rpc",
                    "call",
                    "Forwards an SDK's message to Fireblocks",
                    "Returns the response of Fireblocks. The same Request-Id with the same message gets the same"
                            + " response. With `Prefer: respond-async` the response is 202 as soon as the call is stored, or"
                            + " after `wait=n` seconds.",
                    Map.of(200, FIREBLOCKS, 202, PENDING),
                    CALL_PROBLEMS,
                    CALL),
            ofDevice(
                    "GET " + DEVICE + "/rpc/{requestId}",
                    "findAnswer",
                    "The response to an earlier call",
                    "Available on any node for as long as request ids are remembered.",
                    Map.of(200, FIREBLOCKS, 202, PENDING),
                    List.of("unknown-request", "too-fast", "too-many-lookups", "rpc-failed"),
                    ""),
            ofDevice(
                    "POST " + DEVICE + "/tickets",
                    "createTicket",
                    "A ticket for a browser that cannot send headers",
                    "It opens one stream or WebSocket of this device, within 30 seconds.",
                    Map.of(
                            200,
                            new Answer(
                                    "The ticket.",
                                    "Ticket",
                                    "{\"ticket\":\"a.b.c\",\"expiresAt\":\"2026-01-02T03:04:35Z\"}")),
                    List.of(),
                    ""),
            ofDevice(
                    "GET " + DEVICE + "/channels",
                    "listChannels",
                    "The channels that the device is subscribed to",
                    "None of a former owner of the device.",
                    Map.of(
                            200,
                            new Answer(
                                    "The subscriptions, by kind.",
                                    "ChannelList",
                                    "{\"channels\":[" + FCM + "," + CHANNEL + "]}")),
                    List.of("too-fast", "channel-not-configured"),
                    ""),
            ofDevice(
                    "PUT " + DEVICE + "/channels/{kind}",
                    "subscribeChannel",
                    "Subscribes the device to a channel",
                    "From now on its events are forwarded to the channel too. The same subscription again changes nothing,"
                            + " unless its channel is broken: then it begins anew where it ended. The subscription is stored"
                            + " and visible on this node before the response, and ends with the ownership of the device."
                            + " rabbitmq and kafka have one subscription per device and expect no body or an empty object."
                            + " fcm has one for each registration token, and other members of the same token replace the"
                            + " former ones. A device may have a limited number of tokens, 10 by default; beyond it, those"
                            + " that have been broken for longest make room.",
                    Map.of(
                            200,
                            new Answer("The device was subscribed before.", "ChannelResponse", CHANNEL),
                            201,
                            new Answer("The subscription is new.", "ChannelResponse", CHANNEL)),
                    List.of("too-fast", "unknown-channel", "channel-not-configured", "too-many-subscriptions"),
                    "{}"),
            ofDevice(
                    "GET " + DEVICE + "/channels/{kind}",
                    "findChannel",
                    "The subscription or subscriptions to a channel",
                    "How it is, and how to connect. For fcm, which has a subscription for each token, the list of all, which"
                            + " may be empty.",
                    Map.of(
                            200,
                            new Answer("The subscription, or those to fcm.", "ChannelResponse|ChannelList", CHANNEL)),
                    List.of("too-fast", "unknown-channel", "not-subscribed", "channel-not-configured"),
                    ""),
            ofDevice(
                    "DELETE " + DEVICE + "/channels/{kind}",
                    "unsubscribeChannel",
                    "Ends all subscriptions to a channel",
                    "Stored and visible on this node before the response; also when there was no subscription.",
                    Map.of(204, Answer.NOTHING),
                    List.of("too-fast", "unknown-channel", "channel-not-configured"),
                    ""),
            ofDevice(
                    "DELETE " + DEVICE + "/channels/{kind}/{name}",
                    "unsubscribeChannelByName",
                    "Ends one subscription to a channel",
                    "For fcm, whose subscriptions have names. Stored and visible on this node before the response; also when"
                            + " there was no subscription with this name.",
                    Map.of(204, Answer.NOTHING),
                    List.of("too-fast", "unknown-channel", "channel-not-configured"),
                    ""),
            ofDevice(
                    "GET " + DEVICE + "/stream",
                    "stream",
                    "Follows the messages as server-sent events",
                    "Ends after 15 minutes with the event reconnect; clients reconnect with Last-Event-ID.",
                    Map.of(200, new Answer("Events until the connection ends.", "EventStream", "")),
                    List.of("bad-ticket", "position-gone", "too-many-connections", "too-many-consumers", "too-fast"),
                    ""),
            ofDevice(
                    "POST " + DEMO + "/rpc",
                    "callV0",
                    "Forwards an SDK's message to Fireblocks",
                    "As the demo backend: returns the response of Fireblocks. A client that half-closes its connection"
                            + " before that gets 202.",
                    Map.of(200, FIREBLOCKS, 202, PENDING),
                    CALL_PROBLEMS,
                    CALL),
            ofDevice(
                    "GET " + DEMO + "/messages",
                    "pollV0",
                    "Waits for device messages (SDK 7 and before)",
                    "As the demo backend: a delivered message is offered again after two minutes, unless it is"
                            + " deleted.",
                    Map.of(
                            200,
                            new Answer(
                                    "The messages, or none after a timeout.",
                                    "Message[]",
                                    "[{\"id\":17,\"message\":\"{}\"}]")),
                    List.of("too-fast", "too-many-polls"),
                    ""),
            ofDevice(
                    "DELETE " + DEMO + "/messages/{id}",
                    "deleteV0",
                    "Deletes a processed device message",
                    "As the demo backend.",
                    Map.of(200, new Answer("The message is deleted.", "Deleted", "{}")),
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
                                    "The transactions, or none after a timeout.",
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
                    ""),
            ofUser(
                    "POST /api/login",
                    "loginV0",
                    "Signs in",
                    "As the demo backend; nothing is stored.",
                    new Answer("The user.", "LoginResponse", "{\"id\":17}"),
                    List.of(),
                    ""),
            ofUser(
                    "GET /api/devices",
                    "listDevicesV0",
                    "The devices of the user",
                    "As the demo backend; at most 1,000.",
                    new Answer(
                            "The devices, oldest first.",
                            "DemoDevices",
                            "{\"devices\":[{\"deviceId\":\"d-1\",\"walletId\":\"w-1\",\"createdAt\":1767323045000}]}"),
                    List.of(),
                    ""),
            ofUser(
                    "POST " + DEMO + "/assign",
                    "assignDeviceV0",
                    "Registers a device with a new wallet",
                    "As the demo backend: a device that is registered keeps its wallet. The registration is stored and visible"
                            + " on this node before the response.",
                    DEVICE_WALLET,
                    List.of(
                            "foreign-device",
                            "foreign-tenant",
                            "too-many-devices",
                            "wallets-not-configured",
                            "wallets-failed"),
                    ""),
            ofUser(
                    "POST " + DEMO + "/join",
                    "joinWalletV0",
                    "Registers a device with a wallet of the user",
                    "As the demo backend, but 404 for a wallet that has no device of the user.",
                    DEVICE_WALLET,
                    List.of("foreign-device", "foreign-tenant", "unknown-wallet", "other-wallet", "too-many-devices"),
                    "{\"walletId\":\"w-1\"}"),
            ofUser(
                    "GET /api/wallets",
                    "listWalletsV0",
                    "The wallets of the user's devices",
                    "As the demo backend.",
                    new Answer("The wallets.", "DemoWallets", "{\"wallets\":[{\"walletId\":\"w-1\"}]}"),
                    List.of(),
                    ""),
            ofUser(
                    "GET /api/wallets/{walletId}/backup/latest",
                    "latestBackupV0",
                    "The latest backup of a wallet",
                    "As the demo backend: of Fireblocks' description, with the location of its passphrase.",
                    new Answer(
                            "The backup.",
                            "LatestBackup",
                            "{\"passphraseId\":\"p-1\",\"location\":\"GoogleDrive\",\"createdAt\":1767323045000,"
                                    + "\"deviceId\":\"d-1\"}"),
                    List.of("unknown-wallet", "no-backup", "wallets-not-configured", "wallets-failed"),
                    ""),
            ofUser(
                    "GET /api/passphrase",
                    "listPassphrasesV0",
                    "Where the user keeps passphrases",
                    "As the demo backend.",
                    new Answer(
                            "The passphrases, oldest first.",
                            "ListedPassphrases",
                            "{\"passphrases\":[{\"passphraseId\":\"p-1\",\"location\":\"GoogleDrive\","
                                    + "\"createdAt\":1767323045000}]}"),
                    List.of(),
                    ""),
            ofUser(
                    "GET /api/passphrase/{passphraseId}",
                    "findPassphraseV0",
                    "Where the user keeps a passphrase",
                    "As the demo backend.",
                    new Answer("Its location.", "PassphraseLocation", "{\"location\":\"GoogleDrive\"}"),
                    List.of("unknown-passphrase"),
                    ""),
            ofUser(
                    "POST /api/passphrase/{passphraseId}",
                    "createPassphraseV0",
                    "Reports where the user keeps a passphrase",
                    "As the demo backend. Stored before the response; another location replaces the former one. The passphrase"
                            + " itself is never sent.",
                    new Answer("It is stored.", "PassphraseId", "{\"passphraseId\":\"p-1\"}"),
                    List.of("too-many-passphrases"),
                    "{\"location\":\"GoogleDrive\"}"));

    boolean isV0() {
        return key.contains(" /api/");
    }

    /** All problems, those of any request included. */
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

    /** An operation of the demo API, for the user of the token. */
    private static DescribedOperation ofUser(
            String key,
            String id,
            String summary,
            String description,
            Answer answer,
            List<String> problems,
            String request) {
        var all = Stream.concat(Stream.of("too-fast"), problems.stream()).toList();
        return new DescribedOperation(key, id, summary, description + DEMO_API, Map.of(200, answer), all, request);
    }

    private static String registered() {
        return """
                {"deviceId":"d-1","walletId":"w-1","userId":"user-1","registeredAt":"2026-01-02T03:04:05Z",
                "updatedAt":"2026-01-02T03:04:05Z"}""";
    }
}
