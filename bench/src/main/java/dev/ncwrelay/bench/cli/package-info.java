/** The command. */
@NullMarked
package dev.ncwrelay.bench.cli;

import org.jspecify.annotations.NullMarked;
