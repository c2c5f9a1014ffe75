/** Threads that a test needs busy. */
@NullMarked
package dev.ncwrelay.testkit.thread;

import org.jspecify.annotations.NullMarked;
