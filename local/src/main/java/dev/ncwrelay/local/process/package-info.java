/**
 * Starts, probes and stops one process of the stack. A later command finds it again by process id and start time.
 */
@NullMarked
package dev.ncwrelay.local.process;

import org.jspecify.annotations.NullMarked;
