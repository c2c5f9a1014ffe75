/** Progress and results of a run on the screen. */
@NullMarked
package dev.ncwrelay.bench.screen;

import org.jspecify.annotations.NullMarked;
