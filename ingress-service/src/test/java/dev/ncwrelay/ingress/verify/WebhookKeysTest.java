package dev.ncwrelay.ingress.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.time.MutableClock;
import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WebhookKeysTest {

    private static final RSAPublicKey KEY = SigningKey.generate("any").publicKey();
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Duration FRESH = Duration.ofHours(1);

    private final MutableClock clock = new MutableClock();
    private final Published published = new Published();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final WebhookKeys keys = new WebhookKeys(published, clock, background::add);

    /** A key server whose keys a test sets, and that fails when it has none. */
    private static final class Published implements KeySource {

        private Optional<Map<String, RSAPublicKey>> keys = Optional.empty();
        private int fetches;

        private void are(String... ids) {
            keys = Optional.of(Arrays.stream(ids).collect(Collectors.toMap(id -> id, _ -> KEY)));
        }

        private void cannotBeFetched() {
            keys = Optional.empty();
        }

        @Override
        public FetchedKeys fetch() throws IOException {
            fetches++;
            return new FetchedKeys(keys.orElseThrow(() -> new IOException("nobody there")), FRESH);
        }
    }

    /** The lookup's end, after the fetch that it causes. */
    private KeyLookup find(String keyId) {
        var lookup = keys.find(keyId);
        while (!lookup.isDone()) {
            background.remove().run();
        }
        return lookup.join();
    }

    @Test
    void find_fetchesOnceForManyCalls() {
        published.are("a", "b");

        assertThat(find("a")).isInstanceOf(KeyLookup.Found.class);
        assertThat(find("b")).isInstanceOf(KeyLookup.Found.class);

        assertThat(published.fetches).isEqualTo(1);
        assertThat(background).isEmpty();
    }

    @Test
    void find_afterARotation_returnsTheNewKeyAtOnce() {
        published.are("old");
        find("old");

        published.are("old", "new");

        assertThat(find("new")).isInstanceOf(KeyLookup.Found.class);
    }

    @Test
    void find_fetchesForUnknownIdsOnceAMinute() {
        published.are("a");
        find("a");

        IntStream.range(0, 100).forEach(forged -> find("forged-" + forged));
        assertThat(published.fetches).isEqualTo(2);
        assertThat(find("forged")).isInstanceOf(KeyLookup.Unknown.class);

        clock.advance(Duration.ofMinutes(1));
        assertThat(find("forged")).isInstanceOf(KeyLookup.Unknown.class);
        assertThat(published.fetches).isEqualTo(3);
    }

    /** A forged id must not cost a webhook that is signed with a key Fireblocks has just made: it is sent again. */
    @Test
    void find_withinAMinuteOfAFetch_isUnavailableForAnUnknownId() {
        published.are("a");
        find("a");
        find("forged");
        clock.advance(Duration.ofSeconds(10));
        published.are("a", "new");

        assertThat(find("new")).isInstanceOf(KeyLookup.Unavailable.class);
        assertThat(published.fetches).isEqualTo(2);

        clock.advance(Duration.ofSeconds(50));
        assertThat(find("new")).isInstanceOf(KeyLookup.Found.class);
    }

    @Test
    void find_refreshesAStaleSetInTheBackground() {
        published.are("a");
        find("a");
        published.are("b");
        clock.advance(FRESH);

        assertThat(keys.find("a")).isCompletedWithValueMatching(KeyLookup.Found.class::isInstance);
        assertThat(published.fetches).isEqualTo(1);
        background.remove().run();

        assertThat(published.fetches).isEqualTo(2);
        assertThat(find("b")).isInstanceOf(KeyLookup.Found.class);
        assertThat(find("a")).isInstanceOf(KeyLookup.Unknown.class);
    }

    @Test
    void find_keepsStaleKeysWhileARefreshFails() {
        published.are("a");
        find("a");
        published.cannotBeFetched();
        clock.advance(FRESH);

        find("a");
        background.remove().run();

        assertThat(keys.failure()).hasValueSatisfying(why -> assertThat(why).contains("nobody there"));
        assertThat(find("a")).isInstanceOf(KeyLookup.Found.class);
    }

    @Test
    void find_whileKeysCannotBeFetched_isUnavailable() {
        assertThat(find("a")).isInstanceOf(KeyLookup.Unavailable.class);
        assertThat(find("a")).isInstanceOf(KeyLookup.Unavailable.class);
        assertThat(published.fetches).isEqualTo(1);

        published.are("a");
        clock.advance(Duration.ofSeconds(1));
        assertThat(find("a")).isInstanceOf(KeyLookup.Found.class);
        assertThat(keys.failure()).isEmpty();
    }

    @Test
    void find_whileKeysCannotBeFetched_fetchesOnceInHalfAMinute() {
        published.are("a");
        find("a");
        published.cannotBeFetched();

        for (int second = 0; second < 30; second++) {
            assertThat(find("forged-" + second)).isInstanceOf(KeyLookup.Unavailable.class);
            assertThat(find("a")).isInstanceOf(KeyLookup.Found.class);
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(published.fetches).isEqualTo(2);
    }

    @Test
    void find_withoutKeys_backsOff() {
        for (int second = 0; second < 92; second++) {
            find("forged-" + second);
            clock.advance(Duration.ofSeconds(1));
        }

        // After 0, 1, 3, 7, 15, 31, 61 and 91 seconds
        assertThat(published.fetches).isEqualTo(8);
    }

    @Test
    void find_duringAFetch_returnsCachedKeysAndDoesNotFetchAgain() throws Exception {
        // Given a set, and a fetch that hangs
        var hanging = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var fetches = new AtomicInteger();
        var slow = new WebhookKeys(
                () -> {
                    if (fetches.incrementAndGet() > 1) {
                        hanging.countDown();
                        release.await();
                    }
                    return new FetchedKeys(Map.of("a", KEY), FRESH);
                },
                clock,
                fetch -> Thread.ofVirtual().start(fetch));
        assertThat(slow.find("a")).succeedsWithin(TIMEOUT);

        // When many ask for what is not there
        var unknown = IntStream.range(0, 20)
                .mapToObj(forged -> slow.find("forged-" + forged))
                .toList();
        hanging.await();

        // Then a known key does not wait, no caller has been blocked, and all of them share one fetch
        assertThat(slow.find("a")).isCompletedWithValueMatching(KeyLookup.Found.class::isInstance);
        release.countDown();
        assertThat(unknown)
                .allSatisfy(lookup -> assertThat(lookup).succeedsWithin(TIMEOUT).isInstanceOf(KeyLookup.Unknown.class));
        assertThat(fetches).hasValue(2);
    }
}
