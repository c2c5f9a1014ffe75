package dev.ncwrelay.http;

/** Why a connection that waits for the head of a request is closed. */
enum Overdue {
    /** The head has begun and is not complete in time. */
    HEAD,
    /** No head has begun for the idle timeout. */
    IDLE,
    /** The connection limit is reached. */
    FULL
}
