package dev.ncwrelay.rpc.request;

/** Identifies a request: records with the same device and the same id are the same request. */
public record RequestKey(String deviceId, String requestId) {}
