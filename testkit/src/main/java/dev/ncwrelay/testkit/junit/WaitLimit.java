package dev.ncwrelay.testkit.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets a test wait for a minute before it fails. Awaitility's own ten seconds are too short for a machine on which other
 * programs keep all processors busy; a condition that holds sooner ends the wait. It is looked at more often than
 * Awaitility does, whose tenth of a second before the first look is most of what many tests take.
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
