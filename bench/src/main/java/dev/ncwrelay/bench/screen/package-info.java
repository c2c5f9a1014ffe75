/** What the reader of a run sees while it goes on. */
@NullMarked
package dev.ncwrelay.bench.screen;

import org.jspecify.annotations.NullMarked;
