package dev.ncwrelay.delivery.messages.mailbox;

/** A cleanup task that is due. */
record DueCleanup(CleanupTask task, String deviceId) {}
