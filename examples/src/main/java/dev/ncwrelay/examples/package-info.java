/** Programs that read the relay's topics, to begin one's own with. */
@NullMarked
package dev.ncwrelay.examples;

import org.jspecify.annotations.NullMarked;
