/** A compacted topic kept in memory: every node holds all of it, so that a look-up needs nobody else. */
@NullMarked
package dev.ncwrelay.schemas.replica;

import org.jspecify.annotations.NullMarked;
