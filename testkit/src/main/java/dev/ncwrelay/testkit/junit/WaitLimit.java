package dev.ncwrelay.testkit.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.awaitility.pollinterval.PollInterval;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Sets the timeout of waits to a minute: Awaitility's ten seconds are too short on a busy machine, and a wait ends as soon
 * as its condition holds. Conditions are checked more often than by default at first, because Awaitility's first check after a
 * tenth of a second is most of the time of many tests, and less often later: many of them read a topic or look at hundreds of
 * devices, and would take a core from what they wait for.
 */
public final class WaitLimit implements LauncherSessionListener {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(20);

    private static final Duration LONGEST_INTERVAL = Duration.ofMillis(100);

    private static final PollInterval INTERVALS = IterativePollInterval.iterative(WaitLimit::longer, FIRST_INTERVAL);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(LIMIT);
        Awaitility.setDefaultPollInterval(INTERVALS);
    }

    private static Duration longer(Duration last) {
        var next = last.multipliedBy(6).dividedBy(5);
        return next.compareTo(LONGEST_INTERVAL) < 0 ? next : LONGEST_INTERVAL;
    }
}
