package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A channel in memory that refuses messages and becomes unavailable at random, also after it has taken some of a round. */
final class SimulatedChannel implements Channel {

    static final String KIND = "simulated";

    private final RandomGenerator random;
    private final Map<String, List<Long>> received = new HashMap<>();
    private double trouble;

    /** @param trouble the probability of each kind of failure */
    SimulatedChannel(RandomGenerator random, double trouble) {
        this.random = random;
        this.trouble = trouble;
    }

    void recover() {
        trouble = 0;
    }

    /** The offsets that a device has received, with repetitions. */
    List<Long> received(String deviceId) {
        return received.getOrDefault(deviceId, List.of());
    }

    boolean isOpen(String deviceId) {
        return received.containsKey(deviceId);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void open(Subscription subscription) {
        fail();
        received.put(subscription.key().deviceId(), new ArrayList<>());
    }

    @Override
    public void close(ChannelKey key) {
        fail();
        received.remove(key.deviceId());
    }

    @Override
    public List<SendOutcome> send(List<Message> messages) {
        var outcomes = new ArrayList<SendOutcome>();
        for (var message : messages) {
            fail();
            var queue = received.get(message.subscription().key().deviceId());
            if (queue == null) {
                outcomes.add(new SendOutcome.Gone("removed"));
            } else if (random.nextDouble() < trouble) {
                outcomes.add(new SendOutcome.Refused("full"));
            } else {
                queue.add(message.event().offset());
                outcomes.add(new SendOutcome.Accepted());
            }
        }
        fail();
        return outcomes;
    }

    private void fail() {
        if (random.nextDouble() < trouble / 3) {
            throw new ChannelUnavailableException("away");
        }
    }
}
