package dev.ncwrelay.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import okio.BufferedSink;

/** Server-sent events, in chunks. */
final class FakeEventStream implements MockResponseBody, FakeConnection {

    private final FakeRelay relay;
    private final String consumer;
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private int position;

    private FakeEventStream(FakeRelay relay, String consumer, int position) {
        this.relay = relay;
        this.consumer = consumer;
        this.position = position;
    }

    static MockResponse open(FakeRelay relay, String consumer, int position) {
        var stream = new FakeEventStream(relay, consumer, position);
        relay.claim(consumer);
        relay.connections().add(stream);
        return new MockResponse.Builder()
                .body(stream)
                .removeHeader("Content-Length")
                .setHeader("Content-Type", "text/event-stream;charset=UTF-8")
                .setHeader("Transfer-Encoding", "chunked")
                .build();
    }

    @Override
    public long getContentLength() {
        return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        try {
            follow(sink);
            sink.writeUtf8("0\r\n\r\n").flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            relay.connections().remove(this);
        }
    }

    private void follow(BufferedSink sink) throws IOException, InterruptedException {
        var isCaughtUp = false;
        var end = "";
        while (end.isEmpty()) {
            try {
                relay.log().requireStored(position);
            } catch (Refusal gone) {
                event(sink, "reset", FakeRelay.JSON.writeValueAsString(gone.members()));
                return;
            }
            while (relay.log().has(position)) {
                relay.sent().incrementAndGet();
                event(sink, "message", relay.log().at(++position));
            }
            if (!isCaughtUp) {
                isCaughtUp = true;
                event(sink, "caught_up", "{\"next\":\"" + relay.log().cursor(position) + "\"}");
            }
            end = awaitChange(sink);
        }
        event(sink, end, FakeRelay.JSON.writeValueAsString(Map.of("retryAfterMillis", 1)));
    }

    /** With heartbeats, which also find out that the client has gone. */
    private String awaitChange(BufferedSink sink) throws IOException, InterruptedException {
        while (true) {
            var change = ends.poll(200, TimeUnit.MILLISECONDS);
            if (change != null) {
                return change;
            }
            chunk(sink, ": \n\n");
        }
    }

    private static void event(BufferedSink sink, String type, String data) throws IOException {
        chunk(sink, "event: " + type + "\ndata: " + data.replace("\n", "\ndata: ") + "\n\n");
    }

    private static void chunk(BufferedSink sink, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        sink.writeUtf8(Integer.toHexString(bytes.length) + "\r\n")
                .write(bytes)
                .writeUtf8("\r\n")
                .flush();
    }

    @Override
    public void wake() {
        ends.add("");
    }

    @Override
    public void farewell() {
        ends.add("reconnect");
    }

    @Override
    public void supersede(String named) {
        if (consumer.equals(named)) {
            ends.add("superseded");
        }
    }
}
