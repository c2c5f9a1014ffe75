package dev.ncwrelay.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a device, in order, none left out and none twice. It goes on over lost connections, expired tokens and
 * stopped nodes until it is closed, and holds the relay back while the app is busy.
 *
 * <p>A message that was not acknowledged comes again in the next stream, unless that begins at a later cursor. One thread
 * calls {@link #next()}; all other methods may be called by any.
 */
public final class MessageStream implements AutoCloseable {

    private static final Duration JOIN = Duration.ofSeconds(5);

    private final MessageOptions options;
    private final Inbox inbox;
    private final Acks acks = new Acks();
    private final AckSender sender;
    private final List<Thread> threads;
    private final Consumer<MessageStream> onClose;
    private final Object order = new Object();
    private long taken;
    private @Nullable String cursor;
    private boolean isClosed;

    MessageStream(ClientContext context, MessageOptions options, Consumer<MessageStream> onClose) {
        this.options = options;
        this.onClose = onClose;
        this.inbox = new Inbox(options.after());
        this.sender = new AckSender(acks, context, inbox::demand);
        this.threads = List.of(
                thread("relay-messages", new Follower(context, options, inbox, acks, sender)),
                thread("relay-acks", sender));
    }

    private static Thread thread(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /**
     * The next message; waits until there is one.
     *
     * @throws RelayException when no more messages come: {@code superseded} when a newer connection of the same consumer
     *     has taken over, {@code position-gone} when the policy has stopped at a gap, {@code closed}, and what else cannot
     *     be recovered from: {@code unauthorized}, {@code foreign-device}, {@code unknown-device}, {@code bad-request},
     *     {@code too-many-consumers}
     * @throws InterruptedException when the thread was interrupted; the stream goes on
     */
    public Message next() throws InterruptedException {
        while (true) {
            var message = next(Duration.ofDays(1));
            if (message.isPresent()) {
                return message.get();
            }
        }
    }

    /** The same, but empty when none has come within that time. */
    public Optional<Message> next(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + Inbox.nanos(time);
        while (true) {
            var item = inbox.take(deadline - System.nanoTime());
            if (item == null) {
                return Optional.empty();
            }
            if (item instanceof Inbox.Item.Arrived arrived) {
                return Optional.of(taken(arrived.message()));
            }
            if (item instanceof Inbox.Item.Ended ended) {
                throw ended.cause().again();
            }
            decide(((Inbox.Item.Missing) item).gap());
        }
    }

    private Message taken(Message message) {
        synchronized (order) {
            taken++;
            cursor = message.cursor();
        }
        return message;
    }

    private void decide(Gap gap) {
        try {
            if (options.gapPolicy().decide(gap) == GapPolicy.Decision.CONTINUE) {
                inbox.continueAfter(gap);
                return;
            }
        } catch (RuntimeException e) {
            inbox.end(new RelayException("gap-policy", "the policy for gaps failed", e));
            return;
        }
        var problem = new Problem(
                "position-gone", "messages are missing: " + gap.reason(), null, gap.reason(), gap.earliest(), 0);
        inbox.end(problem.exception(410, null));
    }

    /**
     * Acknowledges the last message that {@link #next()} returned, and all before it; they are not sent to this consumer
     * again. Acknowledgements are sent together, at the latest a tenth of a second later, and again after a lost
     * connection. The result, which need not be waited for, is there when the relay has stored it.
     */
    public CompletionStage<Void> ack() {
        synchronized (order) {
            return cursor == null ? CompletableFuture.completedFuture(null) : acks.add(taken, cursor);
        }
    }

    /** After the last message that {@link #next()} returned: where a later stream goes on. Empty before the first. */
    public Optional<String> cursor() {
        synchronized (order) {
            return Optional.ofNullable(cursor);
        }
    }

    /**
     * Ends the stream, its connection and its threads, after a last attempt of at most 5 s to send what was acknowledged.
     * A thread that waits in {@link #next()} gets the code {@code closed}.
     */
    @Override
    public void close() {
        synchronized (order) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        acks.close();
        inbox.close();
        threads.forEach(Thread::interrupt);
        join();
        sender.flush();
        acks.reject(RelayException.closed());
        onClose.accept(this);
    }

    private void join() {
        try {
            for (var thread : threads) {
                thread.join(JOIN.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
