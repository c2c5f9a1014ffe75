/**
 * Publishes events to the topics of their destinations and reports whether all in-sync replicas have acknowledged
 * them. No caller blocks in the producer: {@link SendQueue} sends on a thread of its own.
 */
@NullMarked
package dev.ncwrelay.ingress.publish;

import org.jspecify.annotations.NullMarked;
