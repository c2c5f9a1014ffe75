/**
 * Connection settings and client configurations: {@link KafkaConnection} holds {@code relay.kafka.*} and creates the
 * configurations of producers, consumers and admin clients. {@link ClientSettingsCheck} reports invalid client
 * settings by name, without their values.
 */
@NullMarked
package dev.ncwrelay.kafka.connection;

import org.jspecify.annotations.NullMarked;
