package dev.ncwrelay.client;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a response as they come, for one reader that waits for them with a limit. The next ones are asked for when
 * the reader asks, so a slow reader holds the sender back.
 */
final class ByteFeed implements HttpResponse.BodySubscriber<ByteFeed>, AutoCloseable {

    private sealed interface Signal {

        record Bytes(List<ByteBuffer> bytes) implements Signal {}

        record Over(@Nullable Throwable cause) implements Signal {}
    }

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<ByteFeed> opened = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private boolean isClosed;

    /**
     * The next bytes.
     *
     * @throws RelayException {@code stalled} when none come within the limit, {@code network} when no more come
     */
    List<ByteBuffer> next(Duration limit) throws InterruptedException {
        request();
        var signal = signals.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (signal == null) {
            throw new RelayException("stalled", "the event stream is silent", null);
        }
        if (signal instanceof Signal.Bytes next) {
            return next.bytes();
        }
        throw RelayException.network(((Signal.Over) signal).cause());
    }

    private synchronized void request() {
        if (subscription != null) {
            subscription.request(1);
        }
    }

    @Override
    public CompletionStage<ByteFeed> getBody() {
        return opened;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription granted) {
        subscription = granted;
        if (isClosed) {
            granted.cancel();
        }
        opened.complete(this);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        signals.add(new Signal.Bytes(bytes));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Over(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Over(null));
    }

    /** No more bytes come. */
    void lost() {
        signals.add(new Signal.Over(null));
    }

    /** Ends the connection, also one that opens later. */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
