/**
 * Checks Kafka's topics and the schema registry at start. An unavailable neighbour is waited for; one that
 * contradicts the configuration stops the start. {@link StartupCheck} reports its {@link StartupState} to health
 * checks.
 */
@NullMarked
package dev.ncwrelay.kafka.startup;

import org.jspecify.annotations.NullMarked;
