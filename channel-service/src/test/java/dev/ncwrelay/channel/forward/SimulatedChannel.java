package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** A channel in memory that refuses messages and becomes unavailable at random, also after it has taken some of a round. */
final class SimulatedChannel implements Channel {

    static final String KIND = "simulated";

    private final RandomGenerator random;
    private final Map<String, Map<String, List<Long>>> received = new ConcurrentHashMap<>();
    private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
    private final Set<String> blocked = new HashSet<>();
    private double trouble;
    private Runnable meanwhile = () -> {};
    private Runnable whenOpenedOrClosed = () -> {};

    /** @param trouble the probability of each kind of failure */
    SimulatedChannel(RandomGenerator random, double trouble) {
        this.random = random;
        this.trouble = trouble;
    }

    void recover() {
        trouble = 0;
    }

    /** From now on the channels of this device can be neither opened nor closed. */
    void block(String deviceId) {
        blocked.add(deviceId);
    }

    /** What happens while messages are sent. */
    void meanwhile(Runnable events) {
        meanwhile = events;
    }

    void whenOpenedOrClosed(Runnable happens) {
        whenOpenedOrClosed = happens;
    }

    /** The offsets that a subscription has received, with repetitions. */
    List<Long> received(Subscription subscription) {
        return subscriptionsOf(subscription.key()).getOrDefault(subscription.id(), List.of());
    }

    /** The subscriptions of a device that have a channel. */
    Set<String> open(String deviceId) {
        return Set.copyOf(subscriptionsOf(new ChannelKey(deviceId, KIND, "")).keySet());
    }

    /** The subscriptions that another instance may serve now. */
    Set<String> forgotten() {
        return forgotten;
    }

    private Map<String, List<Long>> subscriptionsOf(ChannelKey key) {
        return received.computeIfAbsent(key.deviceId(), _ -> new ConcurrentHashMap<>());
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void open(Subscription subscription) {
        whenOpenedOrClosed.run();
        fail(subscription.key());
        subscriptionsOf(subscription.key()).computeIfAbsent(subscription.id(), _ -> new CopyOnWriteArrayList<>());
    }

    @Override
    public void close(ChannelKey key, String subscriptionId) {
        whenOpenedOrClosed.run();
        fail(key);
        subscriptionsOf(key).remove(subscriptionId);
    }

    @Override
    public void forget(Subscription subscription) {
        forgotten.add(subscription.id());
    }

    @Override
    public List<SendOutcome> send(List<Message> messages) {
        happen();
        var outcomes = sendNow(messages);
        happen();
        fail();
        return outcomes;
    }

    /** Messages that are sent by then let nothing more happen. */
    private void happen() {
        var events = meanwhile;
        meanwhile = () -> {};
        events.run();
        meanwhile = events;
    }

    private List<SendOutcome> sendNow(List<Message> messages) {
        var outcomes = new ArrayList<SendOutcome>();
        for (var message : messages) {
            fail();
            var queue = subscriptionsOf(message.subscription().key())
                    .get(message.subscription().id());
            if (queue == null) {
                outcomes.add(new SendOutcome.Gone("removed"));
            } else if (random.nextDouble() < trouble) {
                outcomes.add(new SendOutcome.Refused("full"));
            } else {
                queue.add(message.event().offset());
                outcomes.add(new SendOutcome.Accepted());
            }
        }
        return outcomes;
    }

    private void fail(ChannelKey key) {
        if (blocked.contains(key.deviceId())) {
            throw new ChannelUnavailableException("not for this device");
        }
        fail();
    }

    private void fail() {
        if (random.nextDouble() < trouble / 3) {
            throw new ChannelUnavailableException("away");
        }
    }
}
