package dev.ncwrelay.local.stack;

import java.time.Duration;

/** Receives the progress of a start. */
public interface StartProgress {

    /**
     * Called repeatedly while processes are not ready.
     *
     * @param what their names
     * @param since time since the start began
     */
    void waiting(String what, Duration since);

    /** A process is ready. */
    void done(String what, String where, Duration took);
}
