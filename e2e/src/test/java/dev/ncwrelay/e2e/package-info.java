/** The whole stack as processes, driven as Fireblocks and the apps drive it. */
@NullMarked
package dev.ncwrelay.e2e;

import org.jspecify.annotations.NullMarked;
