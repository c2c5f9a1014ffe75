package dev.ncwrelay.delivery.messages.mailbox;

import java.time.Duration;

/**
 * Bounds of the mailbox of a device.
 *
 * @param retention how long an event is kept that is not acknowledged
 * @param replay how long an event is kept once every consumer has acknowledged it
 * @param dedupe how long an event id is remembered
 * @param maxEvents maximum number of events of a device
 * @param maxBytes maximum size of a device's events
 * @param transactions how long the latest state of a transaction is kept
 */
record MailboxBounds(
        Duration retention, Duration replay, Duration dedupe, int maxEvents, long maxBytes, Duration transactions) {}
