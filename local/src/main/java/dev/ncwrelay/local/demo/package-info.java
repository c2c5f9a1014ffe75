/** The demo: runs both message flows once on a stack, and checks and prints each step. */
@NullMarked
package dev.ncwrelay.local.demo;

import org.jspecify.annotations.NullMarked;
