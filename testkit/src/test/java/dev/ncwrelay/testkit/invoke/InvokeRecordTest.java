package dev.ncwrelay.testkit.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.http.Bytes;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InvokeRecordTest {
    private final InvokeRecord record = new InvokeRecord();

    @Test
    void exchanges_areTheLatestWithinTheLimit() {
        var answer = InvokeAnswer.body(new byte[2 << 20]);
        var body = Bytes.of(new byte[2 << 20]);
        for (int i = 0; i < 20; i++) {
            record.add(new InvokeExchange(call(Integer.toString(i), body), answer));
        }

        // 4 MiB each, 64 MiB in all.
        assertThat(record.exchanges())
                .hasSize(16)
                .extracting(exchange -> exchange.call().nonce())
                .startsWith("4")
                .endsWith("19");
    }

    @Test
    void exchanges_areNoMoreThanTheLimit() {
        for (int i = 0; i < 20_001; i++) {
            record.add(new InvokeExchange(call(Integer.toString(i), Bytes.empty()), InvokeAnswer.result("")));
            record.add(new Refusal(Instant.EPOCH, "/", 401, -1, "", Integer.toString(i)));
        }

        assertThat(record.exchanges()).hasSize(20_000);
        assertThat(record.refusals())
                .hasSize(20_000)
                .first()
                .extracting(Refusal::reason)
                .isEqualTo("1");
    }

    private static InvokeCall call(String nonce, Bytes body) {
        return new InvokeCall(Instant.EPOCH, "w", "d", "k", nonce, "m", "{}", body, Map.of());
    }
}
