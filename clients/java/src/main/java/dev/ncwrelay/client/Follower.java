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
                try (var use = context.network().use()) {
                    var pause = connectOnce(use);
                    timing.sleep(pause.atLeast(), context.closed());
                    timing.sleep(pause.jitter(), use.over());
                }
            }
        } catch (InterruptedException streamClosed) {
            Thread.currentThread().interrupt();
        } catch (RelayException failure) {
            inbox.end(failure);
        } catch (RuntimeException | Error e) {
            inbox.end(new RelayException("internal", "the client failed", e));
        }
    }

    /**
     * How long to wait before the next connection.
     *
     * @param atLeast as the relay wishes
     * @param jitter ends when the network is another one
     */
    private record Pause(Duration atLeast, Duration jitter) {

        static final Pause NONE = new Pause(Duration.ZERO, Duration.ZERO);
    }

    private Pause connectOnce(Network.Use use) throws InterruptedException {
        var isAuto = options.transport() == Transport.AUTO;
        var attempt = new Attempt(isAuto ? context.choice().next() : options.transport());
        var link = new Link(context, use, inbox, acks, sender, attempt::heard);
        RelayException failure;
        boolean isSuspect;
        try {
            return attempt.ended(connection(attempt.transport).follow(link));
        } catch (PathFaultException fault) {
            failure = fault.failure();
            isSuspect = true;
        } catch (RelayException e) {
            failure = e;
            isSuspect = false;
        }
        if (use.over().isDone() && failure.isTransient()) {
            // It tells nothing of this network.
            return Pause.NONE;
        }
        var hasOther = isAuto && (isSuspect || failure.isPathFault()) && attempt.blame(isSuspect);
        return afterFailure(failure, attempt, hasOther);
    }

    private static Connection connection(Transport transport) {
        return switch (transport) {
            case WEBSOCKET -> new WebSocketConnection();
            case SSE -> new EventStream();
            case LONG_POLL -> new LongPoll();
            case AUTO -> throw new IllegalArgumentException("one transport is expected");
        };
    }

    private Pause afterFailure(RelayException failure, Attempt attempt, boolean hasOther) throws InterruptedException {
        if (attempt.isGood()) {
            backoff.reset();
        }
        var gap = failure.gap();
        if (gap.isPresent()) {
            if (gap.get().invalidatesPositions()) {
                acks.reject(failure);
            }
            inbox.awaitDecision(gap.get());
            return new Pause(Duration.ZERO, backoff.next());
        }
        if (!failure.isTransient() && !hasOther) {
            throw failure;
        }
        var atLeast = failure.retryAfter().orElse(Duration.ZERO);
        var jitter = hasOther ? Duration.ZERO : backoff.next();
        options.onRetry().accept(failure, atLeast.plus(jitter));
        return new Pause(atLeast, jitter);
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
        Pause ended(Duration pause) {
            if (isGood() || (transport == Transport.LONG_POLL && isWorking)) {
                backoff.reset();
                return new Pause(pause, Duration.ofMillis((long) (pause.toMillis() / 2.0 * timing.random())));
            }
            // A token that is about to expire opens connections that end at once.
            context.http().tokens().forget();
            return new Pause(pause, backoff.next());
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
