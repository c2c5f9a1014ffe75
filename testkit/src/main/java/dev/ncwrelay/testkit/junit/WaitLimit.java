package dev.ncwrelay.testkit.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets a test wait for a minute before it fails. Awaitility's own ten seconds are too short for a machine on which other
 * programs keep all processors busy; a condition that holds sooner ends the wait as before.
 */
public final class WaitLimit implements LauncherSessionListener {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
