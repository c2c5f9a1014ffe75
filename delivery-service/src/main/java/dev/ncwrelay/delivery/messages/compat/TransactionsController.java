package dev.ncwrelay.delivery.messages.compat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.ncwrelay.delivery.http.connection.HeldRequest;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import dev.ncwrelay.delivery.messages.mailbox.TransactionBacklog;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.stream.WalletTransactions;
import dev.ncwrelay.delivery.messages.wait.Wait;
import dev.ncwrelay.delivery.messages.wait.WaitOutcome;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * The demo backend's transactions, which its clients long-poll: the latest state of each transaction.
 *
 * @see <a href="https://github.com/fireblocks/ncw-backend-demo/blob/main/src/controllers/transaction.controller.ts">the
 *     demo's controller</a>
 */
@RestController
@RequestMapping("/api/devices/{deviceId}/transactions")
class TransactionsController {

    /** As in the demo backend. */
    private static final Duration HOLD = Duration.ofSeconds(10);

    private final Feed feed;
    private final TransactionBacklog backlog;
    private final DeviceRegistry registry;
    private final DeviceStreams streams;
    private final StartPositions startPositions;
    private final WaitRegistry waits;
    private final ThrottledRequests throttled;

    TransactionsController(
            Feed feed,
            TransactionBacklog backlog,
            DeviceRegistry registry,
            DeviceStreams streams,
            StartPositions startPositions,
            WaitRegistry waits,
            ThrottledRequests throttled) {
        this.feed = feed;
        this.backlog = backlog;
        this.registry = registry;
        this.streams = streams;
        this.startPositions = startPositions;
        this.waits = waits;
        this.throttled = throttled;
    }

    /**
     * A transaction of a list.
     *
     * @param createdAt in epoch milliseconds
     * @param lastUpdated in epoch milliseconds
     * @param details all of Fireblocks' data as JSON text, if requested
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listed(
            String id,
            String status,
            long createdAt,
            long lastUpdated,
            @JsonRawValue @Nullable Object details) {}

    /** A single transaction: the demo backend has its times as text here. */
    record Single(
            String id,
            String status,
            Instant createdAt,
            Instant lastUpdated,
            @JsonRawValue Object details) {}

    @GetMapping
    DeferredResult<ResponseEntity<List<Listed>>> find(
            TransactionFilter filter, @OwnDevice RegisteredDevice device, HttpServletRequest client) {
        filter.check();
        var listing = new TransactionListing(transactions(device, filter.updatedAfter()), filter);
        var held = new HeldRequest<ResponseEntity<List<Listed>>>(client, HOLD);
        throttled.start(
                device.deviceId(),
                held,
                () -> waits.start(Wait.<List<Listed>>ofExactTimeout(
                        device.deviceId(),
                        filter.isPoll() ? HOLD : Duration.ZERO,
                        // The end of the ownership ends the wait; the response is then a problem.
                        () -> streams.isCurrent(device) ? listing.look() : Optional.of(List.of()),
                        end -> answer(device, listing, held, end))));
        return held.result();
    }

    @GetMapping("/{transactionId}")
    Single findOne(@PathVariable String transactionId, @OwnDevice RegisteredDevice device) {
        return look(transactions(device, -1)).stream()
                .filter(update -> update.id().equals(transactionId))
                .findFirst()
                .map(update -> new Single(
                        update.id(),
                        update.status(),
                        Instant.ofEpochMilli(update.createdAt()),
                        Instant.ofEpochMilli(update.lastUpdated()),
                        update.details()))
                .orElseThrow(() -> Problem.of(
                        HttpStatus.NOT_FOUND,
                        "unknown-transaction",
                        "Transaction not found",
                        "no transaction of this device has this id",
                        Map.of()));
    }

    private void answer(
            RegisteredDevice device,
            TransactionListing listing,
            HeldRequest<ResponseEntity<List<Listed>>> held,
            WaitOutcome<List<Listed>> end) {
        if (!streams.isCurrent(device)) {
            held.fail(startPositions.ownershipEnded(device).exception());
            return;
        }
        switch (end) {
            case WaitOutcome.Found<List<Listed>>(var found) -> held.answer(ResponseEntity.ok(found));
            case WaitOutcome.ShuttingDown<List<Listed>>() ->
                held.answer(
                        ResponseEntity.ok().header(HttpHeaders.RETRY_AFTER, "1").body(List.of()));
            // An update that could not be read when it arrived is returned at the end of the wait.
            case WaitOutcome.TimedOut<List<Listed>>() -> held.answer(ResponseEntity.ok(listing.last()));
            case WaitOutcome.Superseded<List<Listed>>() -> held.answer(ResponseEntity.ok(List.of()));
            case WaitOutcome.ClientGone<List<Listed>>() -> held.answer(ResponseEntity.ok(List.of()));
        }
    }

    private WalletTransactions transactions(RegisteredDevice device, long updatedAfter) {
        return new WalletTransactions(feed, backlog, registry, device, updatedAfter);
    }

    private static Collection<TransactionUpdate> look(WalletTransactions transactions) {
        return transactions.poll().orElseThrow(() -> Problem.unavailable("the transactions cannot be read"));
    }

    /**
     * The transactions for one request: first all that match the filter; then, as in the demo backend, those that
     * change while it waits, whatever the times in the filter.
     */
    private static final class TransactionListing {

        private final WalletTransactions transactions;
        private final TransactionFilter filter;
        private boolean hasLooked;

        private TransactionListing(WalletTransactions transactions, TransactionFilter filter) {
            this.transactions = transactions;
            this.filter = filter;
        }

        Optional<List<Listed>> look() {
            if (!hasLooked) {
                var found = listed(filter.apply(TransactionsController.look(transactions)));
                hasLooked = true;
                return Optional.of(found).filter(some -> !some.isEmpty());
            }
            return transactions
                    .poll()
                    .map(_ -> listed(filter.applyToChanges(transactions.changed())))
                    .filter(some -> !some.isEmpty());
        }

        List<Listed> last() {
            return hasLooked && filter.isPoll() ? look().orElse(List.of()) : List.of();
        }

        private List<Listed> listed(List<TransactionUpdate> updates) {
            return updates.stream()
                    .map(update -> new Listed(
                            update.id(),
                            update.status(),
                            update.createdAt(),
                            update.lastUpdated(),
                            filter.isDetailed() ? update.details() : null))
                    .toList();
        }
    }
}
