package dev.ncwrelay.delivery.messages.mailbox;

/** A chore that is due. */
record DueCleanup(CleanupTask chore, String deviceId) {}
