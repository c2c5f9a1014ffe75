package dev.ncwrelay.channel.forward;

/**
 * How events are read for a kind of channel.
 *
 * @param group the consumer group shared by all instances
 * @param threads threads that read, each some of the partitions
 */
public record ForwardSettings(String group, int threads) {}
