/** Messages as clients see them, the same on every transport. */
@NullMarked
package dev.ncwrelay.delivery.wire;

import org.jspecify.annotations.NullMarked;
