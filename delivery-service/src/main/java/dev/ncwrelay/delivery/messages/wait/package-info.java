/**
 * Waits of all transports. {@link WaitRegistry} registers a {@link Wait}, checks for events, and then holds it
 * without a thread; it ends once, in one {@link WaitOutcome}. Of several claims of a named consumer the latest
 * receives.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.wait;

import org.jspecify.annotations.NullMarked;
