/** Starts and stops the service: Kafka, the subscriptions, forwarding, tokens, and health. */
@NullMarked
package dev.ncwrelay.channel.lifecycle;

import org.jspecify.annotations.NullMarked;
