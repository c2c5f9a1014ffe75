/** The keys that authenticate cursors and tickets, the same on all nodes. The first key signs, all keys verify. */
@NullMarked
package dev.ncwrelay.delivery.signing;

import org.jspecify.annotations.NullMarked;
