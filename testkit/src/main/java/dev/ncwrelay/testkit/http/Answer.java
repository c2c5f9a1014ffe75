package dev.ncwrelay.testkit.http;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** What a client receives for one request: a complete reply, or one that is late, slow, truncated or missing. */
public sealed interface Answer {

    /** How long nothing at all is sent; a held answer occupies no thread. */
    Duration hold();

    /** The same answer, held for that long instead. */
    Answer heldFor(Duration hold);

    /**
     * A complete reply.
     *
     * @param headers beside Content-Length and Date, which the server adds
     */
    record Reply(int status, Map<String, String> headers, Bytes body, Duration hold) implements Answer {

        public Reply {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("a final HTTP status is 200 to 599, not " + status);
            }
            var sorted = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            sorted.putAll(headers);
            headers = Collections.unmodifiableMap(sorted);
            notNegative(hold);
        }

        /** The same reply with this header set. */
        public Reply header(String name, String value) {
            var more = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            more.putAll(headers);
            more.put(name, value);
            return new Reply(status, more, body, hold);
        }

        @Override
        public Reply heldFor(Duration hold) {
            return new Reply(status, headers, body, hold);
        }

        /** Sends status line and headers in pieces of {@code bytes}, one piece each {@code every}; the body follows at once. */
        public Trickle slowHead(int bytes, Duration every) {
            return new Trickle(this, Part.HEAD, bytes, every);
        }

        /** Sends the head at once and the body in pieces of {@code bytes}, one piece each {@code every}. */
        public Trickle slowBody(int bytes, Duration every) {
            return new Trickle(this, Part.BODY, bytes, every);
        }

        /** Announces the whole body, sends only its first {@code bodyBytes} bytes and cuts the connection. */
        public Truncated truncatedAfter(int bodyBytes, Abort abort) {
            return new Truncated(this, bodyBytes, abort);
        }
    }

    /** The part of a reply that trickles. */
    enum Part {
        HEAD,
        BODY
    }

    /** A complete reply of which one part trickles in; the connection is closed after it. */
    record Trickle(Reply reply, Part part, int bytes, Duration every) implements Answer {

        public Trickle {
            if (bytes < 1) {
                throw new IllegalArgumentException("a piece has at least one byte, not " + bytes);
            }
            notNegative(every);
        }

        @Override
        public Duration hold() {
            return reply.hold();
        }

        @Override
        public Trickle heldFor(Duration hold) {
            return new Trickle(reply.heldFor(hold), part, bytes, every);
        }
    }

    /** A reply that breaks off within its body. */
    record Truncated(Reply reply, int bodyBytes, Abort abort) implements Answer {

        public Truncated {
            if (bodyBytes < 0 || bodyBytes >= reply.body().size()) {
                throw new IllegalArgumentException("a body of " + reply.body().size()
                        + " bytes can break off after 0 to " + (reply.body().size() - 1) + ", not after " + bodyBytes);
            }
        }

        @Override
        public Duration hold() {
            return reply.hold();
        }

        @Override
        public Truncated heldFor(Duration hold) {
            return new Truncated(reply.heldFor(hold), bodyBytes, abort);
        }
    }

    /** No reply: the request was read and the connection ends without a byte. */
    record Cut(Abort abort, Duration hold) implements Answer {

        public Cut {
            notNegative(hold);
        }

        @Override
        public Cut heldFor(Duration hold) {
            return new Cut(abort, hold);
        }
    }

    static Reply reply(int status, String contentType, Bytes body) {
        return new Reply(status, Map.of("Content-Type", contentType), body, Duration.ZERO);
    }

    /** A JSON reply; {@code value} is a tree of maps, lists, strings, numbers and booleans. */
    static Reply json(int status, Object value) {
        return reply(status, "application/json", Bytes.of(JsonMapper.shared().writeValueAsBytes(value)));
    }

    /**
     * An RFC 9457 problem.
     *
     * @param name kebab-case name of the problem, the tail of its type
     * @param detail what was expected
     */
    static Reply problem(int status, String name, String title, String detail) {
        var problem = new LinkedHashMap<String, Object>();
        problem.put("type", "urn:ncw-relay:problem:" + name);
        problem.put("title", title);
        problem.put("status", status);
        problem.put("detail", detail);
        return json(status, problem).header("Content-Type", "application/problem+json");
    }

    private static void notNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a duration of 0 or more is needed, not " + duration);
        }
    }
}
