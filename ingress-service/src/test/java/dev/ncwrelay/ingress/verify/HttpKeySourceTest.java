package dev.ncwrelay.ingress.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.samples.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpKeySourceTest {

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpKeySource source = new HttpKeySource(http, fireblocks.jwksUri());

    @AfterEach
    void stop() {
        fireblocks.close();
        http.close();
    }

    @Test
    void fetch_returnsAllPublishedKeysAndTheirCacheTime() throws Exception {
        var first = fireblocks.keys().current();
        var second = fireblocks.keys().rotate();
        fireblocks.jwks().cacheControl("public, max-age=600, s-maxage=60");

        var fetched = source.fetch();

        assertThat(fetched.keys())
                .containsEntry(first.kid(), first.publicKey())
                .containsEntry(second.kid(), second.publicKey());
        assertThat(fetched.freshFor()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void fetch_failsWhenKeysAreNotServed() {
        fireblocks.jwks().fail(503);

        assertThatThrownBy(source::fetch).isInstanceOf(IOException.class).hasMessageContaining("503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"keys\":[]}",
                "<html>",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":\"k\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"short\"}]}",
            })
    void fetch_failsWhenTheResponseIsNotAKeySet(String body) {
        fireblocks.jwks().answerWith(Answer.reply(200, "application/json", Bytes.utf8(body)));

        assertThatThrownBy(source::fetch).isInstanceOf(IOException.class);
    }

    @Test
    void fetch_ignoresKeysForOtherUses() throws Exception {
        var key = Vectors.webhook().jwks();
        var encrypting = key.replace("\"sig\"", "\"enc\"");
        assertThat(encrypting).isNotEqualTo(key);

        fireblocks.jwks().answerWith(Answer.reply(200, "application/json", Bytes.utf8(key)));
        assertThat(source.fetch().keys()).hasSize(1);
        fireblocks.jwks().answerWith(Answer.reply(200, "application/json", Bytes.utf8(encrypting)));
        assertThatThrownBy(source::fetch).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kty\":\"RSA\",\"kid\":\"no-modulus\",\"e\":\"AQAB\"}",
                "{\"kty\":\"RSA\",\"kid\":\"no-number\",\"n\":\"\",\"e\":\"\"}",
                "{\"kty\":\"EC\",\"kid\":\"no-point\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kty\":\"of a later time\",\"kid\":\"unknown\"}",
                "{\"kty\":7}",
                "{}",
            })
    void fetch_leavesOutAKeyThatCannotBeRead(String unreadable) throws Exception {
        var set = Vectors.webhook().jwks().replaceFirst("\\[", "[" + unreadable + ",");
        fireblocks.jwks().answerWith(Answer.reply(200, "application/json", Bytes.utf8(set)));

        assertThat(source.fetch().keys()).hasSize(1);
    }

    @Test
    void fetch_limitsTheResponse() {
        var huge = "{\"keys\":[" + " ".repeat(2 * 1024 * 1024) + "]}";
        fireblocks.jwks().answerWith(Answer.reply(200, "application/json", Bytes.utf8(huge)));

        assertThat(huge.getBytes(UTF_8)).hasSizeGreaterThan(1024 * 1024);
        assertThatThrownBy(source::fetch).isInstanceOf(IOException.class).hasMessageNotContaining("no key set");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "public, max-age=3600, s-maxage=60 | PT1H",
                "s-maxage=60,max-age=600           | PT10M",
                "max-age=0                         | PT1M",
                "max-age=999999999                 | PT24H",
                "max-age=soon                      | PT1H",
                "no-store                          | PT1H",
                "''                                | PT1H",
            })
    void freshFor_isTheMaxAgeWithinLimits(String cacheControl, Duration expected) {
        assertThat(HttpKeySource.freshFor(cacheControl)).isEqualTo(expected);
    }

    /** It would keep every later fetch waiting. */
    @Test
    void fetch_failsWhenTheResponseStalls() throws Exception {
        try (var stalled = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerHalf(stalled));
            var url = URI.create("http://127.0.0.1:" + stalled.getLocalPort() + "/keys");
            var failure = new CompletableFuture<Throwable>();

            Thread.ofVirtual().start(() -> failure.complete(catchThrowable(new HttpKeySource(http, url)::fetch)));

            assertThat(failure)
                    .succeedsWithin(Duration.ofMinutes(1))
                    .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("did not respond within 4 s");
        }
    }

    private static void answerHalf(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(UTF_8));
            // Until the client leaves.
            var _ = socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
