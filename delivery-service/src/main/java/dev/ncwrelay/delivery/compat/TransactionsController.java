package dev.ncwrelay.delivery.compat;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.await.End;
import dev.ncwrelay.delivery.await.Wait;
import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.mailbox.TransactionBacklog;
import dev.ncwrelay.delivery.presence.HeldRequest;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.stream.TransactionView;
import dev.ncwrelay.delivery.transaction.TransactionUpdate;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import tools.jackson.databind.JsonNode;

/**
 * The demo backend's transactions, which today's demo clients long-poll: the latest word on each.
 *
 * @see <a href="https://github.com/fireblocks/ncw-backend-demo/blob/main/src/controllers/transaction.controller.ts">the
 *     demo's controller</a>
 */
@RestController
@RequestMapping("/api/devices/{deviceId}/transactions")
class TransactionsController {

    /** The demo backend's own. */
    private static final Duration HOLD = Duration.ofSeconds(10);

    private final Ownership ownership;
    private final Feed feed;
    private final TransactionBacklog backlog;
    private final Waits waits;
    private final SlowedRequests slowed;

    TransactionsController(
            Ownership ownership, Feed feed, TransactionBacklog backlog, Waits waits, SlowedRequests slowed) {
        this.ownership = ownership;
        this.feed = feed;
        this.backlog = backlog;
        this.waits = waits;
        this.slowed = slowed;
    }

    /**
     * A transaction of a list.
     *
     * @param createdAt in epoch milliseconds
     * @param lastUpdated in epoch milliseconds
     * @param details all that Fireblocks said, if asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listed(
            String id,
            String status,
            long createdAt,
            long lastUpdated,
            @Nullable JsonNode details) {}

    /** A transaction asked for by itself: the demo backend gives its times as text here. */
    record Single(String id, String status, Instant createdAt, Instant lastUpdated, JsonNode details) {}

    @GetMapping
    DeferredResult<ResponseEntity<List<Listed>>> find(
            @PathVariable String deviceId, TransactionFilter filter, Authentication caller, HttpServletRequest client) {
        var device = ownership.require(deviceId, caller);
        filter.check();
        var view = new TransactionView(feed, backlog, device.deviceId(), filter.updatedAfter());
        var held = new HeldRequest<ResponseEntity<List<Listed>>>(client, HOLD);
        slowed.start(
                deviceId,
                held,
                () -> waits.start(new Wait<List<Listed>>(
                        deviceId,
                        Optional.empty(),
                        true,
                        filter.isPoll() ? HOLD : Duration.ZERO,
                        () -> Optional.of(list(view, filter)).filter(found -> !found.isEmpty()),
                        end -> answer(held, end))));
        return held.result();
    }

    @GetMapping("/{transactionId}")
    Single findOne(@PathVariable String deviceId, @PathVariable String transactionId, Authentication caller) {
        var device = ownership.require(deviceId, caller);
        return look(new TransactionView(feed, backlog, device.deviceId(), -1)).stream()
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
                        "No such transaction",
                        "the id of a transaction is expected of which this device was told",
                        Map.of()));
    }

    private static void answer(HeldRequest<ResponseEntity<List<Listed>>> held, End<List<Listed>> end) {
        switch (end) {
            case End.Woken<List<Listed>>(var found) -> held.answer(ResponseEntity.ok(found));
            case End.Closing<List<Listed>>() ->
                held.answer(
                        ResponseEntity.ok().header(HttpHeaders.RETRY_AFTER, "1").body(List.of()));
            case End.TimedOut<List<Listed>>() -> held.answer(ResponseEntity.ok(List.of()));
            case End.Superseded<List<Listed>>() -> held.answer(ResponseEntity.ok(List.of()));
            case End.Gone<List<Listed>>() -> held.answer(ResponseEntity.ok(List.of()));
        }
    }

    private static List<Listed> list(TransactionView view, TransactionFilter filter) {
        return filter.apply(look(view)).stream()
                .map(update -> new Listed(
                        update.id(),
                        update.status(),
                        update.createdAt(),
                        update.lastUpdated(),
                        filter.isDetailed() ? update.details() : null))
                .toList();
    }

    private static List<TransactionUpdate> look(TransactionView view) {
        return view.look()
                .map(List::copyOf)
                .orElseThrow(() -> Problem.unavailable("the transactions of this device cannot be read"));
    }
}
