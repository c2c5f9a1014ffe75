package dev.ncwrelay.delivery.messages.feed;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;

/**
 * The state of a transaction according to one event. Webhooks arrive in any order. States are ordered by the
 * transaction's last update, then a final status after one that is not, then by creation time of the event, then by
 * offset.
 *
 * @param id transaction id
 * @param status status of the transaction, as named by Fireblocks
 * @param createdAt time of the transaction, in epoch milliseconds
 * @param lastUpdated time of the transaction, in epoch milliseconds
 * @param event the event that contains this state
 */
public record TransactionUpdate(String id, String status, long createdAt, long lastUpdated, Event event) {

    /** In webhooks v2 the successor of both NCW_TRANSACTION_STATUS_UPDATED and NCW_STATUS_UPDATED. */
    private static final String WALLET_STATUS = "embedded_wallet.status.updated";

    /**
     * No other status follows these. NCW_TRANSACTION_STATUS_UPDATED reports them out of order, as Fireblocks documents.
     */
    private static final Set<String> FINAL_STATUSES = Set.of("COMPLETED", "CANCELLED", "REJECTED", "BLOCKED", "FAILED");

    private static final Comparator<TransactionUpdate> UPDATE_ORDER = Comparator.comparingLong(
                    TransactionUpdate::lastUpdated)
            .thenComparing(TransactionUpdate::isFinal)
            .thenComparingLong(update -> update.event().createdAt().toEpochMilli())
            .thenComparingLong(update -> update.event().offset());

    /** The transaction's state in the event; empty when the event is not about a transaction. */
    public static Optional<TransactionUpdate> of(Event event) {
        boolean isStatus = event.type().equals(WALLET_STATUS);
        if (!isStatus && !isOfTransaction(event.type())) {
            return Optional.empty();
        }
        try {
            return of(TransactionFields.parse(event.data()), isStatus, event);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<TransactionUpdate> of(TransactionFields fields, boolean isStatus, Event event) {
        if (isStatus && !fields.isOfTransaction()) {
            return Optional.empty();
        }
        var id = fields.id().asString("");
        long created = fields.createdAt().asLong(event.createdAt().toEpochMilli());
        return id.isEmpty()
                ? Optional.empty()
                : Optional.of(new TransactionUpdate(
                        id,
                        fields.status().asString(""),
                        created,
                        fields.lastUpdated().asLong(created),
                        event));
    }

    /** True when the status does not change any more. */
    public boolean isFinal() {
        return FINAL_STATUSES.contains(status);
    }

    public boolean isLaterThan(TransactionUpdate other) {
        return UPDATE_ORDER.compare(this, other) > 0;
    }

    /** All details of the transaction: the JSON text of the webhook's data, as Fireblocks sent it. */
    public String details() {
        return text(event);
    }

    private static String text(Event event) {
        return StandardCharsets.UTF_8.decode(event.data()).toString();
    }

    private static boolean isOfTransaction(String type) {
        return type.startsWith("transaction.")
                || type.startsWith("TRANSACTION_")
                || type.equals("NCW_TRANSACTION_STATUS_UPDATED");
    }
}
