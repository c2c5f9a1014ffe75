package dev.ncwrelay.rpc.request;

/** What makes two records one request: the same device said the same id. */
public record RequestKey(String deviceId, String requestId) {}
