package dev.ncwrelay.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A signal that the JDK cannot send; needs the command {@code kill} of POSIX. */
public enum ProcessSignal {

    /** Halts a process until it is continued. */
    STOP("STOP"),

    /** Continues a process that was halted. */
    CONTINUE("CONT");

    private final String signal;

    ProcessSignal(String signal) {
        this.signal = signal;
    }

    public void send(ProcessHandle process) {
        try {
            int exit = new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -s " + signal + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
