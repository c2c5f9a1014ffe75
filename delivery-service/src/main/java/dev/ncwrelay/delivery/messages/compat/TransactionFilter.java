package dev.ncwrelay.delivery.messages.compat;

import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import dev.ncwrelay.delivery.problem.Problem;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Selects and orders transactions: the demo backend's query, with its defaults.
 *
 * @param poll true to wait for one when there is none
 * @param startDate epoch milliseconds after which, by {@code orderBy}; iOS sends them as {@code 1700000000000.0}
 * @param endDate epoch milliseconds before which
 * @param details true to include all of Fireblocks' data
 * @param status only these, repeated or separated by commas
 * @param take maximum number; default 25
 * @param skip how many to skip
 * @param orderBy {@code lastUpdated} (default) or {@code createdAt}
 * @param dir {@code desc} (default) or {@code asc}
 */
record TransactionFilter(
        @Nullable String poll,
        @Nullable Double startDate,
        @Nullable Double endDate,
        @Nullable String details,
        @Nullable List<String> status,
        @Nullable Integer take,
        @Nullable Integer skip,
        @Nullable String orderBy,
        @Nullable String dir) {

    private static final int DEFAULT_TAKE = 25;
    private static final int MAX_TAKE = 1_000;

    /** The last time that JavaScript's {@code Date}, which reads them in the demo backend, can hold. */
    private static final double LAST_TIME = 8.64e15;

    /** Fireblocks' statuses, as its API and the SDK of the demo backend list them, with those of newer releases. */
    private static final Set<String> STATUSES = Set.of(
            "SUBMITTED",
            "QUEUED",
            "PENDING_SIGNATURE",
            "PENDING_AUTHORIZATION",
            "PENDING_3RD_PARTY_MANUAL_APPROVAL",
            "PENDING_3RD_PARTY",
            "PENDING",
            "PENDING_AML_SCREENING",
            "PENDING_AML_CHECKUP",
            "PENDING_ENRICHMENT",
            "SIGNED",
            "BROADCASTING",
            "CONFIRMING",
            "CONFIRMED",
            "COMPLETED",
            "PARTIALLY_COMPLETED",
            "CANCELLING",
            "CANCELLED",
            "REJECTED",
            "FAILED",
            "TIMEOUT",
            "BLOCKED");

    /** Like the demo backend, treats empty values as absent. */
    TransactionFilter {
        status = status == null
                ? null
                : status.stream().filter(one -> !one.isEmpty()).toList();
        orderBy = "".equals(orderBy) ? null : orderBy;
        dir = "".equals(dir) ? null : dir;
    }

    /** Rejects what the demo backend rejects. */
    void check() {
        within("take", take, MAX_TAKE);
        within("skip", skip, Integer.MAX_VALUE);
        if (status != null && !STATUSES.containsAll(status)) {
            throw Problem.badRequest("status must be one of Fireblocks' transaction statuses, such as COMPLETED");
        }
        if (orderBy != null && !orderBy.equals("lastUpdated") && !orderBy.equals("createdAt")) {
            throw Problem.badRequest("orderBy must be lastUpdated or createdAt");
        }
        if (dir != null && !dir.equalsIgnoreCase("asc") && !dir.equalsIgnoreCase("desc")) {
            throw Problem.badRequest("dir must be asc or desc");
        }
        if (!isTime(startDate) || !isTime(endDate)) {
            throw Problem.badRequest("startDate and endDate must be epoch milliseconds");
        }
    }

    boolean isPoll() {
        return isTrue(poll);
    }

    boolean isDetailed() {
        return isTrue(details);
    }

    /** Transactions updated at or before this time cannot match; in epoch milliseconds. */
    long updatedAfter() {
        // A transaction is never updated before it is created, so this holds for both orders.
        return startDate == null ? -1 : startDate.longValue();
    }

    List<TransactionUpdate> apply(Collection<TransactionUpdate> all) {
        var time = time();
        return all.stream()
                .filter(update -> time.applyAsLong(update) > updatedAfter())
                .filter(update -> endDate == null || time.applyAsLong(update) < endDate.longValue())
                .filter(this::hasStatus)
                .sorted(order())
                .skip(Optional.ofNullable(skip).orElse(0))
                .limit(Optional.ofNullable(take).orElse(DEFAULT_TAKE))
                .toList();
    }

    /** For changes during a held poll, the demo backend filters by status only. */
    List<TransactionUpdate> applyToChanges(Collection<TransactionUpdate> changed) {
        return changed.stream().filter(this::hasStatus).sorted(order()).toList();
    }

    private boolean hasStatus(TransactionUpdate update) {
        return status == null || status.isEmpty() || status.contains(update.status());
    }

    private ToLongFunction<TransactionUpdate> time() {
        return "createdAt".equals(orderBy) ? TransactionUpdate::createdAt : TransactionUpdate::lastUpdated;
    }

    private Comparator<TransactionUpdate> order() {
        Comparator<TransactionUpdate> ascending =
                Comparator.comparingLong(time()).thenComparing(TransactionUpdate::id);
        return dir != null && dir.equalsIgnoreCase("asc") ? ascending : ascending.reversed();
    }

    /** The demo accepts any text as true, even "false"; this does not. */
    private static boolean isTrue(@Nullable String value) {
        return value != null && (value.equalsIgnoreCase("true") || value.equals("1"));
    }

    private static boolean isTime(@Nullable Double millis) {
        return millis == null || (millis >= 0 && millis <= LAST_TIME);
    }

    private static void within(String name, @Nullable Integer value, int most) {
        if (value != null && (value < 0 || value > most)) {
            throw Problem.badRequest(name + " must be 0 to " + most + ", not " + value);
        }
    }
}
