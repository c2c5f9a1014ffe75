package dev.ncwrelay.ingress.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.keys.SigningKey;
import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WebhookKeysTest {

    private static final RSAPublicKey KEY = SigningKey.generate("any").publicKey();
    private static final Duration FRESH = Duration.ofHours(1);

    private final TestClock clock = new TestClock();
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

    @Test
    void find_fetchesOnceForManyUses() {
        published.are("a", "b");

        assertThat(keys.find("a")).isInstanceOf(KeyLookup.Found.class);
        assertThat(keys.find("b")).isInstanceOf(KeyLookup.Found.class);

        assertThat(published.fetches).isEqualTo(1);
        assertThat(background).isEmpty();
    }

    @Test
    void find_seesARotationAtOnce() {
        published.are("old");
        keys.find("old");

        published.are("old", "new");

        assertThat(keys.find("new")).isInstanceOf(KeyLookup.Found.class);
    }

    @Test
    void find_asksForUnknownIdsOnceAMinute() {
        published.are("a");
        keys.find("a");

        IntStream.range(0, 100).forEach(forged -> keys.find("forged-" + forged));
        assertThat(published.fetches).isEqualTo(2);
        assertThat(keys.find("forged")).isInstanceOf(KeyLookup.Unknown.class);

        clock.advance(Duration.ofMinutes(1));
        assertThat(keys.find("forged")).isInstanceOf(KeyLookup.Unknown.class);
        assertThat(published.fetches).isEqualTo(3);
    }

    /** A forged id must not cost a webhook that is signed with a key Fireblocks has just made: it is sent again. */
    @Test
    void find_doesNotDenyAKeyItMayNotAskForYet() {
        published.are("a");
        keys.find("a");
        keys.find("forged");
        clock.advance(Duration.ofSeconds(10));
        published.are("a", "new");

        assertThat(keys.find("new")).isInstanceOf(KeyLookup.Unavailable.class);
        assertThat(published.fetches).isEqualTo(2);

        clock.advance(Duration.ofSeconds(50));
        assertThat(keys.find("new")).isInstanceOf(KeyLookup.Found.class);
    }

    @Test
    void find_refreshesAStaleSetBehindTheCallersBack() {
        published.are("a");
        keys.find("a");
        published.are("b");
        clock.advance(FRESH);

        assertThat(keys.find("a")).isInstanceOf(KeyLookup.Found.class);
        assertThat(published.fetches).isEqualTo(1);
        background.remove().run();

        assertThat(published.fetches).isEqualTo(2);
        assertThat(keys.find("b")).isInstanceOf(KeyLookup.Found.class);
        assertThat(keys.find("a")).isInstanceOf(KeyLookup.Unknown.class);
    }

    @Test
    void find_keepsStaleKeysWhileARefreshFails() {
        published.are("a");
        keys.find("a");
        published.cannotBeFetched();
        clock.advance(FRESH);

        keys.find("a");
        background.remove().run();

        assertThat(keys.failure()).hasValueSatisfying(why -> assertThat(why).contains("nobody there"));
        assertThat(keys.find("a")).isInstanceOf(KeyLookup.Found.class);
    }

    @Test
    void find_cannotTellWhileTheKeysCannotBeFetched() {
        assertThat(keys.find("a")).isInstanceOf(KeyLookup.Unavailable.class);
        assertThat(keys.find("a")).isInstanceOf(KeyLookup.Unavailable.class);
        assertThat(published.fetches).isEqualTo(1);

        published.are("a");
        clock.advance(Duration.ofSeconds(1));
        assertThat(keys.find("a")).isInstanceOf(KeyLookup.Found.class);
        assertThat(keys.failure()).isEmpty();
    }

    @Test
    void find_neitherDelaysKnownKeysNorFetchesTwiceDuringAFetch() throws Exception {
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
                Runnable::run);
        slow.find("a");

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // When many ask for what is not there
            var unknown = IntStream.range(0, 20)
                    .mapToObj(forged -> CompletableFuture.supplyAsync(() -> slow.find("forged-" + forged), threads))
                    .toList();
            hanging.await();

            // Then a known key does not wait, and all of them share one fetch
            assertThat(slow.find("a")).isInstanceOf(KeyLookup.Found.class);
            release.countDown();
            assertThat(unknown)
                    .allSatisfy(lookup -> assertThat(lookup)
                            .succeedsWithin(Duration.ofMinutes(1))
                            .isInstanceOf(KeyLookup.Unknown.class));
        }
        assertThat(fetches).hasValue(2);
    }
}
