/**
 * Cursors: opaque, signed tokens that clients hold for positions in a device's stream. A {@link Cursor} is bound to
 * the device, its owner epoch and the generation of the topic. The services that hand out cursors share the keys.
 */
@NullMarked
package dev.ncwrelay.cursor;

import org.jspecify.annotations.NullMarked;
