package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Sends events of a partition in rounds, by any number of threads for different subscriptions. */
final class RoundSender {

    /** Longest time for one call: much shorter than the consumer may take between two polls. The next call goes on. */
    private static final Duration MAX_TIME = Duration.ofSeconds(30);

    private final Channel channel;
    private final Predicate<Subscription> current;
    private final ChannelMetrics metrics;
    private final Clock clock;

    /** @param current whether a subscription is in force; does not block */
    RoundSender(Channel channel, Predicate<Subscription> current, ChannelMetrics metrics, Clock clock) {
        this.channel = channel;
        this.current = current;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What becomes of the messages. Called by the thread that sends, in the order of each subscription. */
    interface Listener {

        void sent(Message message, SendOutcome outcome);

        /** It is not sent, nor are those after it: its subscription has ended. The catch-up closes the channel. */
        void ended(Message message);
    }

    /**
     * Sends messages, those of a subscription in their order.
     *
     * @param stopped asked before each round; when true, no more is sent
     * @return the subscriptions whose channel did not accept one: the messages after it are not sent
     * @throws ChannelUnavailableException when some could not be sent
     */
    Set<ChannelKey> send(List<Message> messages, BooleanSupplier stopped, Listener listener) {
        var unfinished = new HashSet<ChannelKey>();
        var rounds = new DeviceRounds<>(messages, RoundSender::keyOf);
        var end = clock.instant().plus(MAX_TIME);
        for (var round = rounds.next(); !round.isEmpty(); round = rounds.next()) {
            if (stopped.getAsBoolean()) {
                throw new ChannelUnavailableException("the partition is no longer assigned");
            }
            if (clock.instant().isAfter(end)) {
                throw new ChannelUnavailableException("the channel is slow: more than " + MAX_TIME.toSeconds() + " s");
            }
            var left = sendRound(round, listener);
            left.forEach(rounds::drop);
            unfinished.addAll(left);
        }
        return unfinished;
    }

    private Set<ChannelKey> sendRound(List<Message> round, Listener listener) {
        var left = new HashSet<ChannelKey>();
        // A subscription may end at any time.
        for (var message : round) {
            if (!current.test(message.subscription())) {
                listener.ended(message);
                left.add(keyOf(message));
            }
        }
        var inForce =
                round.stream().filter(message -> !left.contains(keyOf(message))).toList();
        var outcomes = inForce.isEmpty() ? List.<SendOutcome>of() : channel.send(inForce);
        for (int i = 0; i < inForce.size(); i++) {
            outcomes.get(i).count(metrics);
            listener.sent(inForce.get(i), outcomes.get(i));
            if (!(outcomes.get(i) instanceof SendOutcome.Accepted)) {
                left.add(keyOf(inForce.get(i)));
            }
        }
        return left;
    }

    private static ChannelKey keyOf(Message message) {
        return message.subscription().key();
    }
}
