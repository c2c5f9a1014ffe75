/** Directories and ports of the local stack. */
@NullMarked
package dev.ncwrelay.local.layout;

import org.jspecify.annotations.NullMarked;
