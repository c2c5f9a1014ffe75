package dev.ncwrelay.delivery.messages.mailbox;

import java.time.Duration;

/**
 * How much one mailbox keeps.
 *
 * @param retention how long an event is kept that is not acknowledged
 * @param replay how long it is kept once it is
 * @param dedupe how long an event id is remembered
 * @param maxEvents events of a device at the most
 * @param maxBytes bytes of a device at the most
 * @param transactions how long the latest word on a transaction is kept
 */
record MailboxBounds(
        Duration retention, Duration replay, Duration dedupe, int maxEvents, long maxBytes, Duration transactions) {}
