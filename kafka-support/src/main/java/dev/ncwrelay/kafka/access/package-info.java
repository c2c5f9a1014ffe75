/**
 * What a service may do with Kafka. {@link KafkaNeeds} names the operations that it cannot work without;
 * {@link AccessCheck} asks the brokers which of them they refuse, and {@link AccessMonitor} repeats that while the service
 * runs.
 */
@NullMarked
package dev.ncwrelay.kafka.access;

import org.jspecify.annotations.NullMarked;
