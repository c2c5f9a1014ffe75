package dev.ncwrelay.channel.forward;

/**
 * How a kind of channel is read for.
 *
 * @param kind the kind of channel
 * @param group the consumer group shared by all instances
 * @param threads threads that read, each some of the partitions
 */
public record ForwardSettings(String kind, String group, int threads) {}
