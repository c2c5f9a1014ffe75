/** Sends on a schedule that does not wait for answers, and keeps how long each answer took from the scheduled time. */
@NullMarked
package dev.ncwrelay.bench.load;

import org.jspecify.annotations.NullMarked;
