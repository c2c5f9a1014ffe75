/** The simulated Fireblocks as a separate program, controlled over HTTP. */
@NullMarked
package dev.ncwrelay.testkit.simulator;

import org.jspecify.annotations.NullMarked;
