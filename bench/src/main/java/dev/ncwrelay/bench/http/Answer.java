package dev.ncwrelay.bench.http;

import java.nio.charset.StandardCharsets;

/** An answer with its whole body, and when its last byte had come. */
public final class Answer {

    private final int status;
    private final byte[] body;
    private final long cameAtNanos;

    Answer(int status, byte[] body, long cameAtNanos) {
        this.status = status;
        this.body = body;
        this.cameAtNanos = cameAtNanos;
    }

    public int status() {
        return status;
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** By {@link System#nanoTime}. */
    public long cameAtNanos() {
        return cameAtNanos;
    }
}
