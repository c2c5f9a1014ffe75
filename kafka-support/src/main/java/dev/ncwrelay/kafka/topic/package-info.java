/**
 * The required properties of topics ({@link TopicRequirement}): partitions, replication, retention, sizes.
 * {@link TopicProvisioning} creates missing topics and checks existing ones for settings that would lose records.
 */
@NullMarked
package dev.ncwrelay.kafka.topic;

import org.jspecify.annotations.NullMarked;
