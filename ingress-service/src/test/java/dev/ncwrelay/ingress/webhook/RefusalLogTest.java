package dev.ncwrelay.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final MutableClock clock = new MutableClock();
    private final RefusalLog refusals = new RefusalLog(clock);

    @BeforeEach
    void record() {
        written.start();
        logger.addAppender(written);
    }

    @AfterEach
    void forget() {
        logger.detachAppender(written);
    }

    @Test
    void add_ofManyRefusals_logsOneLineInTenSeconds_withTheNumberLeftOut() {
        for (int second = 0; second < 20; second++) {
            for (int request = 0; request < 50; request++) {
                refusals.add("invalid_header", "the signature cannot be parsed");
            }
            clock.advance(Duration.ofSeconds(1));
        }
        refusals.add("invalid_header", "the signature has no key id");

        assertThat(leftOut()).containsExactly(0L, 499L, 499L);
    }

    @Test
    void add_ofOtherOutcomes_countsSeparately() {
        refusals.add("invalid_header", "the signature cannot be parsed");
        refusals.add("invalid_signature", "the signature does not match the body");
        refusals.add("invalid_signature", "the signature does not match the body");

        assertThat(leftOut()).containsExactly(0L, 0L);
    }

    private List<Object> leftOut() {
        return written.list.stream()
                .flatMap(event -> event.getKeyValuePairs().stream())
                .filter(pair -> pair.key.equals("leftOut"))
                .map(pair -> pair.value)
                .toList();
    }
}
