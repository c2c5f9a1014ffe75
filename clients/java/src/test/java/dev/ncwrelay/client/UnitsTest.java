package dev.ncwrelay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.client.EventParser.Event;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @Test
    void backoff_growsToItsMaximum_withFullJitter() {
        var most = new TestTiming(
                new Random() {
                    @Override
                    public double nextDouble() {
                        return 0.999999;
                    }
                },
                1,
                1);
        var backoff = new Backoff(most);

        var waits =
                Stream.generate(backoff::next).limit(9).map(Duration::toMillis).toList();

        assertThat(waits).containsExactly(499L, 999L, 1999L, 3999L, 7999L, 15999L, 29999L, 29999L, 29999L);
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(499));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5 | 5000",
                "0 | ",
                "-1 | ",
                "soon | ",
                "99999999999999999999 | ",
                "Fri, 02 Jan 2026 03:04:10 GMT | 5000",
                "Fri, 02 Jan 2026 03:04:00 GMT | "
            })
    void retryAfter_isSecondsOrADate(String value, Long millis) {
        var headers = HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, any) -> true);
        var clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

        assertThat(RetryAfter.of(headers, clock)).isEqualTo(millis == null ? null : Duration.ofMillis(millis));
    }

    @Test
    void events_areTheSame_howeverTheBytesAreCut() {
        var bytes =
                "id: 1\nevent: message\ndata: {\"ü\":\ndata: \"世\"}\n\n: \n\nretry: 1\r\nevent: end\r\ndata\r\n\r\nevent: lost\n"
                        .getBytes(StandardCharsets.UTF_8);
        var random = new Random(1);
        for (int round = 0; round < 200; round++) {
            var parser = new EventParser();
            var events = new ArrayList<Event>();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(10));
                events.addAll(parser.push(ByteBuffer.wrap(bytes, at, length)));
                at += length;
            }

            assertThat(events).containsExactly(new Event("message", "{\"ü\":\n\"世\"}"), new Event("end", ""));
        }
    }

    @Test
    void knownIds_areBounded() throws Exception {
        var inbox = new Inbox(null);
        for (int id = 0; id <= 1_000; id++) {
            inbox.offer(message("m-" + id));
            inbox.take(0);
        }

        inbox.offer(message("m-1"));
        assertThat(inbox.take(0)).isNull();
        inbox.offer(message("m-0"));
        assertThat(inbox.take(0)).isNotNull();
    }

    @Test
    void choice_remembersWhatDoesNotWorkWhileAnotherDoes() {
        var choice = new TransportChoice(new TestTiming());
        assertThat(choice.next()).isEqualTo(Transport.WEBSOCKET);

        assertThat(choice.failed(Transport.WEBSOCKET, true)).isTrue();
        assertThat(choice.next()).isEqualTo(Transport.SSE);
        choice.worked(Transport.SSE);

        assertThat(choice.next()).isEqualTo(Transport.SSE);
    }

    @Test
    void choice_mistakesAnOutageForNoFault() {
        var choice = new TransportChoice(new TestTiming());
        for (int failure = 0; failure < 7; failure++) {
            choice.failed(choice.next(), false);
        }

        choice.worked(choice.next());
        assertThat(choice.next()).isEqualTo(Transport.WEBSOCKET);
    }

    @Test
    void choice_forgetsWhatDidNotWorkOnAnotherNetwork() {
        var choice = new TransportChoice(new TestTiming());
        choice.failed(Transport.WEBSOCKET, true);
        choice.worked(Transport.SSE);
        choice.pollWasCut();

        choice.forget();

        assertThat(choice.next()).isEqualTo(Transport.WEBSOCKET);
        assertThat(choice.pollSeconds()).isEqualTo(25);
    }

    @Test
    void choice_leavesATransportThatIsCutThreeTimes() {
        var choice = new TransportChoice(new TestTiming());

        assertThat(choice.cut(Transport.WEBSOCKET)).isFalse();
        assertThat(choice.cut(Transport.WEBSOCKET)).isFalse();
        assertThat(choice.cut(Transport.WEBSOCKET)).isTrue();
        assertThat(choice.next()).isEqualTo(Transport.SSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "ä", "a b"})
    void names_areChecked(String name) {
        var url = URI.create("http://127.0.0.1");

        assertThatThrownBy(() -> RelayClient.builder(url, name, () -> "t"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RelayClient.builder(url, "d", () -> "t").consumer(name))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void baseUrl_isHttp() {
        assertThatThrownBy(() -> RelayClient.builder(URI.create("relay.example"), "d", () -> "t"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Message message(String id) {
        return new Message(id, "c-" + id, "t", Instant.EPOCH, null, null, "{}");
    }
}
