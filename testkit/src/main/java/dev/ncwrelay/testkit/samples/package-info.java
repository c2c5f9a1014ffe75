/** Fireblocks' documented payloads, published keys and a signature vector, by name, and bodies built from them. */
@NullMarked
package dev.ncwrelay.testkit.samples;

import org.jspecify.annotations.NullMarked;
