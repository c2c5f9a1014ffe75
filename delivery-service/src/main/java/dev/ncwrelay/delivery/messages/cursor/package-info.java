/**
 * Cursors: opaque, signed tokens that clients hold for positions in a device's stream. A {@link Cursor} is bound to
 * the device, its owner epoch and the generation of the topic.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.cursor;

import org.jspecify.annotations.NullMarked;
