/**
 * A device's stream, joined from ring and mailbox without a gap. {@link StartPositions} finds where a consumer
 * begins, {@link StreamReader} reads from there, {@link Acknowledgements} acknowledges. Only events of the present
 * ownership are visible.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.stream;

import org.jspecify.annotations.NullMarked;
