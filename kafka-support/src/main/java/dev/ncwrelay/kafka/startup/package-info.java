/**
 * Checks Kafka's topics and the schema registry at start. Unavailable dependencies are waited for; a broker that
 * contradicts the configuration refuses the start, and {@link RefusedStart} ends the process. {@link StartupCheck}
 * reports its {@link StartupState} to health checks.
 */
@NullMarked
package dev.ncwrelay.kafka.startup;

import org.jspecify.annotations.NullMarked;
