package dev.ncwrelay.delivery.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.cursor.SigningKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = NOW.plusSeconds(600);
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final SigningKey OLD = key(1);
    private static final SigningKey NEW = key(2);

    private final Tickets tickets = tickets(NOW, OLD);

    @Test
    void ticket_isValidOnce_forItsUser_untilTheTokenExpires() {
        var ticket = tickets.issue("device", "user \u00fc", LATER);

        assertThat(ticket.expiresAt()).isEqualTo(NOW.plusSeconds(30));
        assertThat(tickets.redeem("device", ticket.ticket())).hasValueSatisfying(holder -> {
            assertThat(holder.getName()).isEqualTo("user \u00fc");
            assertThat(holder.until()).isEqualTo(LATER);
            assertThat(holder.getAuthorities()).isEmpty();
        });
        assertThat(tickets.redeem("device", ticket.ticket())).isEmpty();
    }

    @Test
    void ticket_isValidForItsDeviceOnly() {
        var ticket = tickets.issue("1-device", "user-", LATER).ticket();

        assertThat(tickets.redeem("device", ticket)).isEmpty();
        assertThat(tickets.redeem("1-device-2", ticket)).isEmpty();
        assertThat(tickets.redeem("1-device", ticket)).isPresent();
    }

    @Test
    void ticket_withAnyByteChangedOrMissing_isRejected() {
        var ticket = tickets.issue("device", "user", LATER).ticket();
        var parts = ticket.split("\\.");
        for (int part = 0; part < parts.length; part++) {
            var bytes = Base64.getUrlDecoder().decode(parts[part]);
            for (int at = 0; at < bytes.length; at++) {
                var changed = parts.clone();
                var other = bytes.clone();
                other[at] ^= 1;
                changed[part] = Base64.getUrlEncoder().withoutPadding().encodeToString(other);
                assertThat(tickets.redeem("device", String.join(".", changed)))
                        .as("part %d, byte %d", part, at)
                        .isEmpty();
            }
        }
        for (int length = 0; length < ticket.length(); length++) {
            assertThat(tickets.redeem("device", ticket.substring(0, length))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no base64!",
                "..",
                "bnVsbA.bnVsbA.bnVsbA",
                // {"alg":"none"}
                "eyJhbGciOiJub25lIn0.e30.",
                // {"alg":"RS256"}
                "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"
            })
    void textThatIsNoTicket_isRejected(String text) {
        assertThat(tickets.redeem("device", text)).isEmpty();
    }

    @Test
    void ticket_inAnotherSpelling_isTheSameTicket() {
        // Given
        var ticket = tickets.issue("device", "user", LATER).ticket();
        int last = ticket.length() - 1;
        // The last character has two bits that belong to no byte.
        var spelled = ticket.substring(0, last) + BASE64URL.charAt(BASE64URL.indexOf(ticket.charAt(last)) ^ 1);

        // When
        var taken = Stream.of(ticket, spelled)
                .filter(text -> tickets.redeem("device", text).isPresent())
                .count();

        // Then
        assertThat(taken).isEqualTo(1);
    }

    @Test
    void ticket_isValidFor30Seconds_andNoLongerThanTheToken() {
        var ticket = tickets.issue("device", "user", LATER).ticket();

        assertThat(tickets(NOW.plusSeconds(30), OLD).redeem("device", ticket)).isEmpty();
        assertThat(tickets(NOW.plusSeconds(29), OLD).redeem("device", ticket)).isPresent();
        assertThat(tickets.issue("device", "user", NOW.plusSeconds(3)).expiresAt())
                .isEqualTo(NOW.plusSeconds(3));
    }

    @Test
    void ticket_ofAClockTooFarAhead_isRejected() {
        var ticket = tickets.issue("device", "user", LATER).ticket();

        assertThat(tickets(NOW.minusSeconds(4), OLD).redeem("device", ticket)).isPresent();
        assertThat(tickets(NOW.minusSeconds(6), OLD).redeem("device", ticket)).isEmpty();
    }

    @Test
    void ticket_isValidOnAnotherNode_andAfterAKeyRotation() {
        var ticket = tickets.issue("device", "user", LATER).ticket();

        assertThat(tickets(NOW, NEW).redeem("device", ticket)).isEmpty();
        assertThat(tickets(NOW, NEW, OLD).redeem("device", ticket)).isPresent();
    }

    @Test
    void ticket_usedConcurrently_isValidOnce() throws Exception {
        int takers = 8;
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 200; round++) {
                var ticket = tickets.issue("device", "user", LATER).ticket();
                var barrier = new CyclicBarrier(takers);
                var attempts = IntStream.range(0, takers)
                        .<Callable<Boolean>>mapToObj(_ -> () -> {
                            barrier.await();
                            return tickets.redeem("device", ticket).isPresent();
                        })
                        .toList();

                var taken = 0;
                for (var attempt : workers.invokeAll(attempts)) {
                    taken += attempt.get() ? 1 : 0;
                }

                assertThat(taken).isEqualTo(1);
            }
        }
    }

    @Test
    void ticket_isMaskedInToString() {
        var ticket = tickets.issue("device", "user", LATER);

        assertThat(ticket.toString()).doesNotContain(ticket.ticket());
    }

    private static Tickets tickets(Instant now, SigningKey... keys) {
        return new Tickets(List.of(keys), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static SigningKey key(int first) {
        var bytes = new byte[32];
        bytes[0] = (byte) first;
        return SigningKey.parse(Base64.getEncoder().encodeToString(bytes));
    }
}
