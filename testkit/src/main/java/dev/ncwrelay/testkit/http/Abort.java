package dev.ncwrelay.testkit.http;

/** How a connection ends before its time. */
public enum Abort {
    /** An orderly TCP close (FIN); the client reads an unexpected end. */
    CLOSE,
    /** A TCP reset (RST); the client reads an error. */
    RESET
}
