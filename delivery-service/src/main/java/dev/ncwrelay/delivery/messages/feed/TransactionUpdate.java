package dev.ncwrelay.delivery.messages.feed;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an event says of a transaction. Webhooks come in any order: the later word is the one whose transaction was
 * updated later; of two as new, one that ends it, then the one created later, then the one that came later.
 *
 * @param id the transaction's
 * @param status as Fireblocks names it
 * @param createdAt of the transaction, in epoch milliseconds
 * @param lastUpdated of the transaction, in epoch milliseconds
 * @param event that said so
 */
public record TransactionUpdate(String id, String status, long createdAt, long lastUpdated, Event event) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** In webhooks v2 the successor of NCW_TRANSACTION_STATUS_UPDATED and of NCW_STATUS_UPDATED both. */
    private static final String WALLET_STATUS = "embedded_wallet.status.updated";

    /** Nothing follows these. NCW_TRANSACTION_STATUS_UPDATED tells of them out of order, as Fireblocks says itself. */
    private static final Set<String> FINAL_STATUSES = Set.of("COMPLETED", "CANCELLED", "REJECTED", "BLOCKED", "FAILED");

    private static final Comparator<TransactionUpdate> UPDATE_ORDER = Comparator.comparingLong(
                    TransactionUpdate::lastUpdated)
            .thenComparing(TransactionUpdate::isFinal)
            .thenComparingLong(update -> update.event().createdAt().toEpochMilli())
            .thenComparingLong(update -> update.event().offset());

    /** What the event says, if it is about a transaction. */
    public static Optional<TransactionUpdate> of(Event event) {
        boolean isStatus = event.type().equals(WALLET_STATUS);
        if (!isStatus && !isOfTransaction(event.type())) {
            return Optional.empty();
        }
        try {
            var data = JSON.readTree(text(event));
            if (isStatus && !carriesTransaction(data)) {
                return Optional.empty();
            }
            var id = data.path("id").asString("");
            long created = data.path("createdAt").asLong(event.createdAt().toEpochMilli());
            return id.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TransactionUpdate(
                            id,
                            data.path("status").asString(""),
                            created,
                            data.path("lastUpdated").asLong(created),
                            event));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** True when the status is one that does not change any more. */
    public boolean isFinal() {
        return FINAL_STATUSES.contains(status);
    }

    public boolean isLaterThan(TransactionUpdate other) {
        return UPDATE_ORDER.compare(this, other) > 0;
    }

    /** All that Fireblocks said of it: the JSON text of the webhook's data, as it was sent. */
    public String details() {
        return text(event);
    }

    private static String text(Event event) {
        return StandardCharsets.UTF_8.decode(event.data()).toString();
    }

    /** The same type is also that of a wallet whose status changed, which has neither of these. */
    private static boolean carriesTransaction(JsonNode data) {
        return data.path("id").isString()
                && data.path("status").isString()
                && (data.has("source") || data.has("destination") || data.has("lastUpdated"));
    }

    private static boolean isOfTransaction(String type) {
        return type.startsWith("transaction.")
                || type.startsWith("TRANSACTION_")
                || type.equals("NCW_TRANSACTION_STATUS_UPDATED");
    }
}
