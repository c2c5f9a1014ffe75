package dev.ncwrelay.client;

import java.time.Duration;

/** The part of a stream that goes on while the app works: one connection after the other. */
final class Follower implements Runnable {

    /** A connection that lasted for this long was a good one. */
    private static final long GOOD_MILLIS = 10_000;
    /** A path that cuts earlier than this may carry another transport better. */
    private static final long CUT_MILLIS = 30_000;

    private final ClientContext context;
    private final MessageOptions options;
    private final Inbox inbox;
    private final Acks acks;
    private final AckSender sender;
    private final Timing timing;
    private final Backoff backoff;

    Follower(ClientContext context, MessageOptions options, Inbox inbox, Acks acks, AckSender sender) {
        this.context = context;
        this.options = options;
        this.inbox = inbox;
        this.acks = acks;
        this.sender = sender;
        this.timing = context.timing();
        this.backoff = new Backoff(timing);
    }

    /** Ends when its thread is interrupted, or by a failure that is then the inbox's end. */
    @Override
    public void run() {
        try {
            while (true) {
                // A slow app holds no connection.
                inbox.awaitRoom(Inbox.CAPACITY / 2);
                timing.sleep(connectOnce(), context.closed());
            }
        } catch (InterruptedException streamClosed) {
            Thread.currentThread().interrupt();
        } catch (RelayException failure) {
            inbox.end(failure);
        } catch (RuntimeException | Error e) {
            inbox.end(new RelayException("internal", "the client failed", e));
        }
    }

    /** Returns how long to wait before the next connection. */
    private Duration connectOnce() throws InterruptedException {
        var isAuto = options.transport() == Transport.AUTO;
        var attempt = new Attempt(isAuto ? context.choice().next() : options.transport());
        try {
            return attempt.ended(
                    connection(attempt.transport).follow(new Link(context, inbox, acks, sender, attempt::heard)));
        } catch (PathFaultException fault) {
            return afterFailure(fault.failure(), attempt, isAuto && attempt.blame(true));
        } catch (RelayException failure) {
            return afterFailure(failure, attempt, isAuto && failure.isPathFault() && attempt.blame(false));
        }
    }

    private static Connection connection(Transport transport) {
        return switch (transport) {
            case WEBSOCKET -> new WebSocketConnection();
            case SSE -> new EventStream();
            case LONG_POLL -> new LongPoll();
            case AUTO -> throw new IllegalArgumentException("one transport is expected");
        };
    }

    private Duration afterFailure(RelayException failure, Attempt attempt, boolean hasOther)
            throws InterruptedException {
        if (attempt.isGood()) {
            backoff.reset();
        }
        var gap = failure.gap();
        if (gap.isPresent()) {
            if (gap.get().invalidatesPositions()) {
                acks.reject(failure);
            }
            inbox.awaitDecision(gap.get());
            return backoff.next();
        }
        if (!failure.isTransient() && !hasOther) {
            throw failure;
        }
        var atLeast = failure.retryAfter().orElse(Duration.ZERO);
        var wait = hasOther ? atLeast : atLeast.plus(backoff.next());
        options.onRetry().accept(failure, wait);
        return wait;
    }

    /** One connection, from its beginning. */
    private final class Attempt {

        private final Transport transport;
        private final long began = timing.millis();
        private final long accepted = inbox.accepted();
        private boolean isWorking;

        Attempt(Transport transport) {
            this.transport = transport;
        }

        void heard() {
            if (!isWorking) {
                isWorking = true;
                context.choice().worked(transport);
            }
        }

        boolean isGood() {
            return inbox.accepted() > accepted || timing.millis() - began > GOOD_MILLIS;
        }

        /** It ended as the protocol provides. */
        Duration ended(Duration pause) {
            if (isGood() || (transport == Transport.LONG_POLL && isWorking)) {
                backoff.reset();
                return pause.plusMillis((long) (pause.toMillis() / 2.0 * timing.random()));
            }
            // A token that is about to expire opens connections that end at once.
            context.http().tokens().forget();
            return pause.plus(backoff.next());
        }

        /** True when another transport should be tried at once. */
        boolean blame(boolean isSuspect) {
            if (isSuspect || !isWorking) {
                return context.choice().failed(transport, isSuspect);
            }
            if (timing.millis() - began > CUT_MILLIS) {
                context.choice().lasted(transport);
                return false;
            }
            return context.choice().cut(transport);
        }
    }
}
