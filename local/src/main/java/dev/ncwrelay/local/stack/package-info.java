/** The stack: which processes it has, in which order they start, and what they are told of each other. */
@NullMarked
package dev.ncwrelay.local.stack;

import org.jspecify.annotations.NullMarked;
