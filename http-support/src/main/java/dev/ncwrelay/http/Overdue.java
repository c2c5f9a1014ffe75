package dev.ncwrelay.http;

/** Why a connection is closed that waits for the head of a request. */
enum Overdue {
    /** The head has begun, and its end has not come in time. */
    HEAD,
    /** No head has begun for the idle timeout. */
    IDLE,
    /** Others wait to be accepted, since all connections are taken. */
    FULL
}
