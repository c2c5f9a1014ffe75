/** What a node remembers for a while, bounded by number: {@link NewestEntries}. It does not know what the entries are. */
@NullMarked
package dev.ncwrelay.delivery.memory;

import org.jspecify.annotations.NullMarked;
