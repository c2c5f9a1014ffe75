/** The command line for operators: {@code provision}, {@code dlt list}, {@code dlt show} and {@code dlt redrive}. */
@NullMarked
package dev.ncwrelay.ops.cli;

import org.jspecify.annotations.NullMarked;
