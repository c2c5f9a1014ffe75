/** The records that nobody could read: found, shown, and put back where they came from. */
@NullMarked
package dev.ncwrelay.local.deadletter;

import org.jspecify.annotations.NullMarked;
