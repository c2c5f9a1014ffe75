package dev.ncwrelay.testkit.http;

/** How a connection is closed before the reply is complete. */
public enum Abort {
    /** An orderly TCP close (FIN); the client reads an unexpected end. */
    CLOSE,
    /** A TCP reset (RST); the client reads an error. */
    RESET
}
