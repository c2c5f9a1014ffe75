package dev.ncwrelay.testkit.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Sets the timeout of waits to a minute: Awaitility's ten seconds are too short on a busy machine, and a wait ends as soon
 * as its condition holds. Conditions are checked more often than by default, because Awaitility's first check after a tenth
 * of a second is most of the time of many tests.
 */
public final class WaitLimit implements LauncherSessionListener {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(LIMIT);
        Awaitility.setDefaultPollInterval(INTERVAL);
    }
}
