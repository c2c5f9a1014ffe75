/** Edge: messages as Fireblocks' demo backend served them, for clients that were written for it. */
@NullMarked
package dev.ncwrelay.delivery.compat;

import org.jspecify.annotations.NullMarked;
