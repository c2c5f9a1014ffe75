/**
 * Connection settings and client configurations: {@link KafkaConnection} combines the operator's {@code spring.kafka.*}
 * with the relay's defaults and with what the relay depends on. {@link ClientSettingsCheck} reports invalid client
 * settings by name, without their values.
 */
@NullMarked
package dev.ncwrelay.kafka.connection;

import org.jspecify.annotations.NullMarked;
