/**
 * Start and stop of the service. {@link TopicTails} reads events, acknowledgements and replies into memory;
 * {@link Readiness} waits for them; {@link OwnershipEndHandler} ends what a former owner has running;
 * {@link ShutdownDrain} ends held requests and connections before the server stops.
 */
@NullMarked
package dev.ncwrelay.delivery.lifecycle;

import org.jspecify.annotations.NullMarked;
