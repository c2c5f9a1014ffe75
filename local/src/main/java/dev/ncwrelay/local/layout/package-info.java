/** Where the local stack keeps things and which ports it uses. */
@NullMarked
package dev.ncwrelay.local.layout;

import org.jspecify.annotations.NullMarked;
