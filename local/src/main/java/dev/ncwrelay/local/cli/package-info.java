/** The commands of {@code ./relay} for the local stack. */
@NullMarked
package dev.ncwrelay.local.cli;

import org.jspecify.annotations.NullMarked;
