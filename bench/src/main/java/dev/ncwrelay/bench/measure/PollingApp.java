package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.http.Answer;
import dev.ncwrelay.bench.http.Connection;
import dev.ncwrelay.bench.system.Device;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An app that holds a poll, and polls again with an acknowledgement as soon as one is answered. */
final class PollingApp implements Runnable {

    private static final int OK = 200;
    private static final int TRIES = 10;
    private static final long PAUSE_MILLIS = 1_000;

    private final Device device;
    private final int port;
    private final CountDownLatch polling;
    private final Inbox inbox;

    /** Receives each message that arrives and each poll that fails. */
    interface Inbox {
        void arrived(String eventId, long atNanos);

        void failed(String reason);
    }

    PollingApp(Device device, int port, CountDownLatch polling, Inbox inbox) {
        this.device = device;
        this.port = port;
        this.polling = polling;
        this.inbox = inbox;
    }

    /** Polls until its thread is interrupted. */
    @Override
    public void run() {
        try (var connection = Connection.open(port)) {
            var next = latest(connection);
            polling.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                var answer = connection.send(device.poll("{\"wait\":25,\"ack\":\"" + next + "\"}"));
                if (answer.status() != OK) {
                    inbox.failed("a poll was answered " + answer.status() + ": " + answer.text());
                    Thread.sleep(PAUSE_MILLIS);
                    continue;
                }
                var page = read(answer);
                page.path("messages")
                        .forEach(message -> inbox.arrived(message.path("id").asString(), answer.cameAtNanos()));
                next = page.path("next").asString();
            }
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                inbox.failed("a poll has no answer: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The end of the stream, as soon as the node that has just started serves the device's mailbox. */
    private String latest(Connection connection) throws IOException, InterruptedException {
        for (int tries = 0; tries < TRIES; tries++) {
            var answer = connection.send(device.poll("{\"wait\":0,\"after\":\"latest\"}"));
            if (answer.status() == OK) {
                return read(answer).path("next").asString();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new IOException("the first poll is refused");
    }

    private static JsonNode read(Answer answer) {
        return JsonMapper.shared().readTree(answer.text());
    }
}
