package dev.ncwrelay.delivery.rpc.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentRepliesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final RecentReplies replies = new RecentReplies(10_000, Duration.ofMinutes(5));

    @Test
    void firstReply_isKept() {
        replies.keep(request(1), reply(10), NOW);

        assertThat(replies.keep(request(1), reply(20), NOW)).isEqualTo(reply(10));
        assertThat(replies.find(request(1), NOW)).contains(reply(10));
    }

    @Test
    void oldestReply_isEvictedFirst() {
        for (int i = 0; i < 12; i++) {
            replies.keep(request(i), reply(700), NOW);
        }

        assertThat(replies.find(request(1), NOW)).isEmpty();
        assertThat(replies.find(request(2), NOW)).isPresent();
        assertThat(replies.find(request(11), NOW)).isPresent();
    }

    @Test
    void largeReply_evictsNoOthers() {
        replies.keep(request(1), reply(10), NOW);

        assertThat(replies.keep(request(2), reply(9_000), NOW)).isEqualTo(reply(9_000));

        assertThat(replies.find(request(1), NOW)).isPresent();
        assertThat(replies.find(request(2), NOW)).isEmpty();
    }

    @Test
    void oldReply_isRemoved() {
        replies.keep(request(1), reply(10), NOW);

        replies.keep(request(2), reply(10), NOW.plus(Duration.ofMinutes(6)));

        assertThat(replies.find(request(1), NOW)).isEmpty();
    }

    @Test
    void oldReply_isNotFound_alsoWhenNoOtherHasArrived() {
        replies.keep(request(1), reply(10), NOW);

        assertThat(replies.find(request(1), NOW.plus(Duration.ofMinutes(5)))).isPresent();
        assertThat(replies.find(request(1), NOW.plus(Duration.ofMinutes(6)))).isEmpty();
    }

    @Test
    void oldReply_isReplacedByTheReplyToAReusedId() {
        replies.keep(request(1), reply(10), NOW);
        var later = NOW.plus(Duration.ofMinutes(6));

        assertThat(replies.keep(request(1), reply(20), later)).isEqualTo(reply(20));
        assertThat(replies.find(request(1), later)).contains(reply(20));
    }

    private static RequestKey request(int number) {
        return new RequestKey("device-1", 0, "request-" + number);
    }

    private static Reply reply(int bytes) {
        return new Reply.Answered(ByteBuffer.allocate(bytes));
    }
}
