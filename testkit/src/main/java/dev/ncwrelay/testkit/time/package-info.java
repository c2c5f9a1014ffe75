/** Time that a test sets. */
@NullMarked
package dev.ncwrelay.testkit.time;

import org.jspecify.annotations.NullMarked;
