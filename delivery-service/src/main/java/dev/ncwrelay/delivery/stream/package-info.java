/** A device's stream as its consumers see it: where one begins, and what it reads from there. */
@NullMarked
package dev.ncwrelay.delivery.stream;

import org.jspecify.annotations.NullMarked;
