/**
 * Publishes events to the topics of their destinations and reports whether all in-sync replicas have acknowledged
 * them. No caller blocks in the producer: {@link EventPublisher} sends through a
 * {@link dev.ncwrelay.kafka.send.SendQueue}.
 */
@NullMarked
package dev.ncwrelay.ingress.publish;

import org.jspecify.annotations.NullMarked;
