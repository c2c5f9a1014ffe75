/** Runs in Kafka's brokers: keeps end users, who log in with tokens of their own, apart from services. */
@NullMarked
package dev.ncwrelay.kafka.principal;

import org.jspecify.annotations.NullMarked;
