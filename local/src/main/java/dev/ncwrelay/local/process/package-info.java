/** One process of the stack: started, watched, stopped, and found again by a later command. */
@NullMarked
package dev.ncwrelay.local.process;

import org.jspecify.annotations.NullMarked;
