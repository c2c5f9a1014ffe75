package dev.ncwrelay.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends acknowledgements that no other request carries: in one batch each tenth of a second. */
final class AckSender implements Runnable {

    /** How a connection stores one; returns when the relay has confirmed it. */
    interface Channel {
        void store(String cursor) throws InterruptedException;
    }

    private static final Duration BATCH = Duration.ofMillis(100);
    private static final Duration SEND_LIMIT = Duration.ofSeconds(15);
    private static final Duration LAST_SEND_LIMIT = Duration.ofSeconds(5);

    private final Acks acks;
    private final Http http;
    private final Timing timing;
    private final @Nullable String consumer;
    private final Runnable onStored;
    private final CompletableFuture<Void> closed;
    private final Backoff backoff;
    private volatile @Nullable Channel channel;

    /** @param onStored run after each that was stored */
    AckSender(Acks acks, ClientContext context, Runnable onStored) {
        this.acks = acks;
        this.http = context.http();
        this.timing = context.timing();
        this.consumer = context.consumer();
        this.closed = context.closed();
        this.onStored = onStored;
        this.backoff = new Backoff(timing);
    }

    /** Sends over this connection from now on; null for HTTP. */
    void use(@Nullable Channel connection) {
        channel = connection;
    }

    @Override
    public void run() {
        try {
            while (true) {
                acks.awaitPending();
                timing.sleep(BATCH, closed);
                var sending = acks.begin();
                if (sending != null) {
                    timing.sleep(send(sending), closed);
                }
            }
        } catch (InterruptedException streamClosed) {
            Thread.currentThread().interrupt();
        }
    }

    /** A last attempt for what waits; if it fails, the messages come again. */
    void flush() {
        var sending = acks.begin();
        if (sending == null) {
            return;
        }
        var isStored = false;
        try {
            post(sending.cursor(), LAST_SEND_LIMIT);
            isStored = true;
        } catch (RelayException notStored) {
            // As if it had not been acknowledged.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            acks.sent(sending, isStored);
        }
    }

    /** Returns how long to wait before the next one. */
    private Duration send(Acks.Sending sending) throws InterruptedException {
        var isStored = false;
        try {
            var connection = channel;
            if (connection == null) {
                post(sending.cursor(), SEND_LIMIT);
            } else {
                connection.store(sending.cursor());
            }
            isStored = true;
            backoff.reset();
            return Duration.ZERO;
        } catch (RelayException failure) {
            if (!failure.isTransient()) {
                acks.reject(failure);
                return Duration.ZERO;
            }
            return failure.retryAfter().orElse(Duration.ZERO).plus(backoff.next());
        } finally {
            acks.sent(sending, isStored);
            if (isStored) {
                onStored.run();
            }
        }
    }

    private void post(String cursor, Duration limit) throws InterruptedException {
        var json = new JsonWriter()
                .member("consumer", consumer)
                .member("ack", cursor)
                .end();
        http.send(http.post("acks", json), limit);
    }
}
