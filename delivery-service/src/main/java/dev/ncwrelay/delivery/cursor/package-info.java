/** Positions in a device's stream, as clients hold them: opaque, authenticated, bound to the device. */
@NullMarked
package dev.ncwrelay.delivery.cursor;

import org.jspecify.annotations.NullMarked;
