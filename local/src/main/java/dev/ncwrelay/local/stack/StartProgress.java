package dev.ncwrelay.local.stack;

import java.time.Duration;

/** Told how a slow undertaking goes on. */
public interface StartProgress {

    /** Still waiting, after so long, for what these words name. */
    void waiting(String what, Duration since);

    /** One part is done. */
    void done(String what, String where, Duration took);
}
