/** The commands of ./relay. */
@NullMarked
package dev.ncwrelay.local.cli;

import org.jspecify.annotations.NullMarked;
