/** The local stack: its processes, their start order, and the settings that connect them. */
@NullMarked
package dev.ncwrelay.local.stack;

import org.jspecify.annotations.NullMarked;
