/** Fireblocks as a program of its own, driven over HTTP. */
@NullMarked
package dev.ncwrelay.testkit.simulator;

import org.jspecify.annotations.NullMarked;
