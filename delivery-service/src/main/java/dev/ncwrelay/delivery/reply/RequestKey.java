package dev.ncwrelay.delivery.reply;

/** A request, as its device names it. */
public record RequestKey(String deviceId, String requestId) {}
