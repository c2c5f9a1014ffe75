/**
 * Where Kafka is and how clients connect to it: {@link KafkaConnection} holds {@code relay.kafka.*} and makes the
 * configurations of producers, consumers and admin clients. {@link ClientSettingsCheck} reports invalid client
 * settings by name, without their values.
 */
@NullMarked
package dev.ncwrelay.kafka.connection;

import org.jspecify.annotations.NullMarked;
