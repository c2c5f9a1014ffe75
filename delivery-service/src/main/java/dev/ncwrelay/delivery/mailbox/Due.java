package dev.ncwrelay.delivery.mailbox;

/** A chore that is due. */
record Due(Chore chore, String deviceId) {}
