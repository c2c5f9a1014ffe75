package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A channel that accepts nothing of one device at times, and may take as long as a test wants to say so. */
final class SickChannel implements Channel {

    private final Channel healthy;
    private final String deviceId;
    private volatile boolean sick;
    private volatile CountDownLatch answer = new CountDownLatch(0);
    private volatile boolean waiting;

    SickChannel(Channel healthy, String deviceId) {
        this.healthy = healthy;
        this.deviceId = deviceId;
    }

    void refuse() {
        sick = true;
    }

    /** Refuses, and says nothing before {@link #recover}. */
    void answerNothing() {
        answer = new CountDownLatch(1);
        sick = true;
    }

    void recover() {
        sick = false;
        answer.countDown();
    }

    /** Whether somebody waits for an answer. */
    boolean isWaiting() {
        return waiting;
    }

    @Override
    public String kind() {
        return healthy.kind();
    }

    @Override
    public void open(Subscription subscription) {
        healthy.open(subscription);
    }

    @Override
    public void close(ChannelKey key, String subscriptionId) {
        healthy.close(key, subscriptionId);
    }

    @Override
    public void forget(Subscription subscription) {
        healthy.forget(subscription);
    }

    @Override
    public List<SendOutcome> send(List<Message> messages) {
        var refused = sick
                ? messages.stream()
                        .filter(message ->
                                message.subscription().key().deviceId().equals(deviceId))
                        .toList()
                : List.<Message>of();
        if (!refused.isEmpty()) {
            awaitAnswer();
        }
        var outcomes = new ArrayList<SendOutcome>();
        for (var message : messages) {
            outcomes.addAll(
                    refused.contains(message)
                            ? List.of(new SendOutcome.Refused("sick"))
                            : healthy.send(List.of(message)));
        }
        return outcomes;
    }

    private void awaitAnswer() {
        waiting = true;
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting = false;
    }
}
