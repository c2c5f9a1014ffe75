package dev.ncwrelay.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stored messages of a device and the positions of its consumers. An offset is an index. */
final class DeviceLog {

    /** One acknowledgement. */
    record Acknowledged(String consumer, int offset) {}

    private final List<String> messages = new ArrayList<>();
    private final List<Acknowledged> acknowledgements = new ArrayList<>();
    private final Map<String, Integer> acknowledged = new HashMap<>();
    private int first;
    private int generation = 1;

    synchronized void append(String id, String data) {
        messages.add("{\"id\":\"" + id + "\",\"cursor\":\"" + cursor(messages.size())
                + "\",\"type\":\"transaction.status.updated\",\"createdAt\":\"2026-01-02T03:04:05Z\",\"walletId\":\"w-1\",\"data\":"
                + data + "}");
    }

    /** The messages before this offset are no longer stored. */
    synchronized void trim(int offset) {
        first = offset;
    }

    /** The topic is deleted and made again: no cursor of before is valid. */
    synchronized void recreate() {
        generation++;
        messages.clear();
        acknowledged.clear();
    }

    synchronized int generation() {
        return generation;
    }

    /** Refuses a position of an earlier generation, also of a poll that is held. */
    synchronized void requireGeneration(int expected) {
        if (generation != expected) {
            throw Refusal.gone("generation", cursor(first - 1));
        }
    }

    synchronized String cursor(int offset) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((generation + "/" + offset).getBytes(StandardCharsets.UTF_8));
    }

    /** The offset after which to begin. */
    synchronized int start(String consumer, @Nullable String after) {
        if (after == null) {
            return Math.max(acknowledgedBy(consumer), first - 1);
        }
        return switch (after) {
            case "earliest" -> first - 1;
            case "latest" -> messages.size() - 1;
            default -> decode(after);
        };
    }

    /** Refuses an offset after which messages are no longer stored. */
    synchronized void requireStored(int offset) {
        if (offset < first - 1) {
            throw Refusal.gone("trimmed", cursor(first - 1));
        }
    }

    synchronized boolean has(int offset) {
        return offset + 1 < messages.size();
    }

    synchronized String at(int offset) {
        return messages.get(offset);
    }

    synchronized List<String> read(int after, int limit) {
        int to = Math.min(messages.size(), after + 1 + limit);
        return List.copyOf(messages.subList(Math.min(after + 1, to), to));
    }

    /** Stores an acknowledgement, which never goes back; returns its offset. */
    synchronized int acknowledge(String consumer, String cursor) {
        int offset = decode(cursor);
        acknowledged.merge(consumer, offset, Math::max);
        acknowledgements.add(new Acknowledged(consumer, offset));
        return offset;
    }

    synchronized int acknowledgedBy(String consumer) {
        return acknowledged.getOrDefault(consumer, -1);
    }

    /** In the order in which they came. */
    synchronized List<Acknowledged> acknowledgements() {
        return List.copyOf(acknowledgements);
    }

    private int decode(String cursor) {
        var parts = text(cursor).split("/", 2);
        if (!parts[0].equals(Integer.toString(generation))) {
            throw Refusal.gone(parts.length < 2 ? "foreign" : "generation", cursor(first - 1));
        }
        return Integer.parseInt(parts[1]);
    }

    private static String text(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
