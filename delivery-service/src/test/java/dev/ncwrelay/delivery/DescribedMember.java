package dev.ncwrelay.delivery;

import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The description and values of a parameter or body member, by name. */
record DescribedMember(
        String description,
        @Nullable String pattern,
        @Nullable Long least,
        @Nullable Long most,
        List<String> values,
        Object example) {

    private static final String ID = "^[A-Za-z0-9._:-]{1,128}$";

    static final Map<String, DescribedMember> ALL = Map.ofEntries(
            text("deviceId", "The id that the app gave the device.", ID, "d-1"),
            text("walletId", "The wallet whose events the device receives.", ID, "w-1"),
            text("userId", "The subject of the tokens that may act for the device.", "^.{1,256}$", "user-1"),
            text("tenant", "The tenant the device belongs to, where there are several.", ID, "acme"),
            text(
                    "consumer",
                    "A name for one of several independent readers of the device; the unnamed one by default.",
                    ID,
                    "phone"),
            text("requestId", "The id of a call, given by the client or by the relay.", ID, "r-1"),
            text(
                    "Request-Id",
                    "An id for the call; the same id with the same message gets the same response. Generated if"
                            + " absent.",
                    ID,
                    "r-1"),
            text("id", "The id of the event, which stays the same when it is sent again.", null, "e-1"),
            text("Message.id", "The id of the message; messages of a device come in its order.", null, 17),
            number("?.id", "The id of a message.", 0, null, 17),
            text("Listed.id", "Fireblocks' id of the transaction.", null, "t-1"),
            text("Single.id", "Fireblocks' id of the transaction.", null, "t-1"),
            text("transactionId", "Fireblocks' id of the transaction.", null, "t-1"),
            text(
                    "physicalDeviceId",
                    "The id that the SDK gave the installation; messages for another installation are omitted.",
                    null,
                    "p-1"),
            text("ack", "The cursor up to which messages are acknowledged.", null, "AQ"),
            text(
                    "cursor",
                    "The position of the message; valid on every node and transport, for this device.",
                    null,
                    "AQ"),
            text("next", "The cursor to continue with.", null, "AQ"),
            text(
                    "after",
                    "Where to continue: a cursor, `earliest`, `latest` or an RFC 3339 time; the acknowledged position"
                            + " by default.",
                    null,
                    "earliest"),
            text(
                    "Last-Event-ID",
                    "The cursor of the last event a browser has; it takes precedence over `after`.",
                    null,
                    "AQ"),
            text("Prefer", "RFC 7240: `respond-async`, and `wait=n` in seconds.", null, "respond-async"),
            text(
                    "traceparent",
                    "W3C trace context, which is propagated.",
                    null,
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            text("ticket", "A ticket instead of a token.", null, "a.b.c"),
            number("LoginResponse.id", "The user, always the same; only to tell users apart by.", 1, null, 17),
            text("passphraseId", "The id that the app gave the passphrase.", ID, "p-1"),
            choice("location", "Where the user keeps the passphrase.", "GoogleDrive", "iCloud"),
            text("DemoDevice.createdAt", "When it was first registered, in epoch milliseconds.", null, 1767323045000L),
            text(
                    "ListedPassphrase.createdAt",
                    "When it was first reported, in epoch milliseconds.",
                    null,
                    1767323045000L),
            text("LatestBackup.createdAt", "When it was made, in epoch milliseconds.", null, 1767323045000L),
            text("LatestBackup.deviceId", "The device of its first key.", ID, "d-1"),
            text("JoinBody.walletId", "A wallet that has a device of this user.", ID, "w-1"),
            text("devices", "The devices of the user, oldest first.", null, List.of()),
            text("wallets", "The wallets of the user's devices.", null, List.of()),
            text("passphrases", "The passphrases of the user, oldest first.", null, List.of()),
            text("type", "The event's type, as Fireblocks names it.", null, "transaction.created"),
            text(
                    "Problem.type",
                    "What went wrong; stable, whatever the title says.",
                    null,
                    "urn:ncw-relay:problem:bad-request"),
            text("Problem.status", "The status of the response.", null, 400),
            text("Pending.status", "Always `pending`.", "^pending$", "pending"),
            text("status", "The transaction's status, as Fireblocks names it.", null, "COMPLETED"),
            text("message", "The JSON text to pass to the SDK.", null, "{}"),
            text("RpcBody.message", "The exact string that the SDK emitted.", null, "{}"),
            number("wait", "How many seconds to wait for a response; 25 for messages by default.", 0, 50, 25),
            number("limit", "Maximum number of messages.", 1, 100, 50),
            number("maxBytes", "Maximum bytes of data, but always one message.", 1, 8 * 1024 * 1024, 1_048_576),
            number("timeout", "How many seconds to wait for a message.", 0, 20, 10),
            number("batchSize", "Maximum number of messages.", 1, 20, 10),
            number("take", "Maximum number of transactions; 25 by default.", 0, 1_000, 25),
            number("skip", "How many transactions to skip.", 0, Integer.MAX_VALUE, 0),
            number(
                    "startDate",
                    "Only transactions later than this, in epoch milliseconds.",
                    0,
                    null,
                    1_767_323_045_000L),
            number("endDate", "Only transactions before this, in epoch milliseconds.", 0, null, 1_767_323_046_000L),
            choice("orderBy", "The time to order by and to compare with the dates.", "lastUpdated", "createdAt"),
            choice("dir", "Whether the newest comes first.", "desc", "asc"),
            choice("poll", "Whether to wait for a transaction when there is none.", "true", "false"),
            choice("kind", "The kind of channel.", "rabbitmq", "kafka", "fcm"),
            choice(
                    "state",
                    "Whether events are forwarded: `pending` until the relay has taken the subscription up, `active`, `held`"
                            + " while events wait in Kafka, since the channel accepts none now or earlier ones are being"
                            + " forwarded, `broken` when the channel is gone and the device must subscribe again.",
                    "pending",
                    "active",
                    "held",
                    "broken"),
            text(
                    "ChannelResponse.reason",
                    "Why it is held or broken, or still pending, for people.",
                    null,
                    "the queue is full"),
            text("since", "Since when it is in this state.", null, "2026-01-02T03:04:05Z"),
            text("subscribedAt", "When the subscription began.", null, "2026-01-02T03:04:05Z"),
            text(
                    "connection",
                    "How to connect; its members depend on the kind. rabbitmq: `url`, the `queue` to read, `exchange` and"
                            + " `routingKey` that fill it, `username`, and `passwordSource`, always `access_token`: the"
                            + " password is the access token that is valid at the time of the connection. kafka:"
                            + " `bootstrapServers`, `topic`, `groupPrefix`, `securityProtocol`, `saslMechanism` and"
                            + " `tokenSource`, always `access_token`. fcm: `platform`, `physicalDeviceId` and `consumer` as"
                            + " registered, and `data`, which the data of every push has: `relay`, the version of the format,"
                            + " and `device`, the first 32 hexadecimal digits of the SHA-256 of the device id. Each push also has `cursor`.",
                    null,
                    Map.of()),
            text("channels", "The subscriptions, by kind; of a kind, the oldest first.", null, List.of()),
            text(
                    "name",
                    "The name of a subscription to fcm: the first 16 hexadecimal digits of the SHA-256 of its token. Other"
                            + " kinds have none.",
                    null,
                    "39d88fd03a0ec981"),
            text(
                    "token",
                    "The registration token that Firebase has given the app. No response has it.",
                    "^[!-~]{1,4096}$",
                    "dK3_x:APA91bFoo-Bar"),
            choice("platform", "What the app runs on.", "android", "ios", "web"),
            text(
                    "FcmBody.physicalDeviceId",
                    "The id that the SDK gave the installation: messages for another one cause no push.",
                    ID,
                    "p-1"),
            text(
                    "FcmBody.consumer",
                    "The consumer whose acknowledgements count; the unnamed one by default.",
                    ID,
                    "phone"),
            text("createdAt", "When it was created.", null, "2026-01-02T03:04:05Z"),
            text("lastUpdated", "When it was last updated.", null, "2026-01-02T03:04:05Z"),
            text("registeredAt", "When the device was first registered.", null, "2026-01-02T03:04:05Z"),
            text("updatedAt", "When the registration was last changed.", null, "2026-01-02T03:04:05Z"),
            text("expiresAt", "When the ticket expires.", null, "2026-01-02T03:04:05Z"),
            text("more", "Whether more messages are available now.", null, false),
            text("caughtUp", "Whether these are all messages available now.", null, true),
            text("messages", "The messages, oldest first.", null, List.of()),
            text("types", "Only messages of these types; all by default.", null, List.of("transaction.created")),
            number("ids", "Ids of messages to acknowledge individually.", 1, 1_000, 0),
            text("data", "What Fireblocks signed, byte for byte.", null, Map.of("id", "t-1")),
            text("details", "All data of Fireblocks about the transaction.", null, Map.of()),
            choice("?.details", "Whether to include all data of Fireblocks about each.", "false", "true"),
            text("title", "What went wrong; the same for all problems of the type.", null, "Device not registered"),
            text("detail", "What was expected.", null, "device d-1 is not registered"),
            text("reason", "Of position-gone: retention, generation, trimmed or foreign.", null, "retention"),
            text("earliest", "Of position-gone: the first cursor that can be served.", null, "AQ"),
            text("code", "Of rpc-failed: REFUSED, UNREACHABLE, AMBIGUOUS, EXPIRED or TIMED_OUT.", null, "TIMED_OUT"),
            text(
                    "error",
                    "Below /api: the same as `detail`, where the demo backend has it.",
                    null,
                    "device d-1 is not registered"));

    /** The description of this schema's member, or of any member of that name. */
    static Optional<DescribedMember> of(String schema, String name) {
        return Optional.ofNullable(ALL.get(schema + "." + name)).or(() -> Optional.ofNullable(ALL.get(name)));
    }

    /** Adds the description to the schema; its type stays. */
    @SuppressWarnings("unchecked")
    void describe(Schema<?> schema) {
        schema.setDescription(description);
        switch (typeOf(schema)) {
            case "string" -> {
                schema.setPattern(schema.getFormat() == null ? pattern : null);
                if (!values.isEmpty()) {
                    ((Schema<String>) schema).setEnum(values);
                }
            }
            case "integer", "number" -> {
                schema.setMinimum(least == null ? null : BigDecimal.valueOf(least));
                schema.setMaximum(most == null ? null : BigDecimal.valueOf(most));
            }
            case "array" -> {
                schema.setMinItems(least == null ? null : least.intValue());
                schema.setMaxItems(most == null ? null : most.intValue());
            }
            default -> {}
        }
    }

    /** The type of a schema; a parameter that may also be null is optional. */
    static String typeOf(Schema<?> schema) {
        return Optional.ofNullable(schema.getTypes()).orElse(Set.of()).stream()
                .filter(type -> !type.equals("null"))
                .findFirst()
                .orElseGet(() -> Optional.ofNullable(schema.getType()).orElse(""));
    }

    private static Map.Entry<String, DescribedMember> text(
            String name, String description, @Nullable String pattern, Object example) {
        return Map.entry(name, new DescribedMember(description, pattern, null, null, List.of(), example));
    }

    private static Map.Entry<String, DescribedMember> number(
            String name, String description, long least, @Nullable Long most, long example) {
        return Map.entry(name, new DescribedMember(description, null, least, most, List.of(), example));
    }

    private static Map.Entry<String, DescribedMember> number(
            String name, String description, long least, long most, long example) {
        return number(name, description, least, Long.valueOf(most), example);
    }

    private static Map.Entry<String, DescribedMember> choice(String name, String description, String... values) {
        return Map.entry(name, new DescribedMember(description, null, null, null, List.of(values), values[0]));
    }
}
