package dev.ncwrelay.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One long poll; it carries the acknowledgement that waits, so that a busy client sends one request instead of two. */
final class LongPoll implements Connection {

    private static final Duration SLACK = Duration.ofSeconds(15);
    private static final long CUT_MILLIS = 3_000;
    private static final long HELD_MILLIS = 1_000;

    @Override
    public Duration follow(Link link) throws InterruptedException {
        var sending = link.acks().begin();
        var isStored = false;
        long began = link.timing().millis();
        try {
            // With an acknowledgement it does not wait: the app may wait for its confirmation.
            int wait = sending == null ? link.context().choice().pollSeconds() : 0;
            var answer = poll(link, sending == null ? null : sending.cursor(), wait);
            var page = Page.parse(answer.body());
            isStored = true;
            link.heard().run();
            page.messages().forEach(link.inbox()::offer);
            link.inbox().advance(page.next());
            return page.messages().isEmpty() ? pause(link, answer, wait, began) : Duration.ZERO;
        } catch (RelayException failure) {
            if (failure.problem().isEmpty() && link.timing().millis() - began > CUT_MILLIS) {
                link.context().choice().pollWasCut();
            }
            throw failure;
        } finally {
            if (sending != null) {
                link.acks().sent(sending, isStored);
            }
        }
    }

    private static Answer<String> poll(Link link, @Nullable String ack, int wait) throws InterruptedException {
        var json = new JsonWriter()
                .member("consumer", link.context().consumer())
                .member("after", link.inbox().position())
                .member("ack", ack)
                .member("wait", wait)
                .member("limit", link.inbox().room())
                .end();
        return link.http().send(link.http().post("messages:poll", json), SLACK.plusSeconds(wait));
    }

    private static Duration pause(Link link, Answer<String> answer, int wait, long began) {
        var asked = answer.retryAfter();
        if (asked != null) {
            return asked;
        }
        // An empty answer that should have been held and was not, a cache's for example, is not asked for again at
        // once.
        var isHeld = wait == 0 || link.timing().millis() - began > HELD_MILLIS;
        return isHeld ? Duration.ZERO : Duration.ofMillis(HELD_MILLIS);
    }
}
