/** The live end of every device's stream: a tail of all partitions into bounded rings. */
@NullMarked
package dev.ncwrelay.delivery.feed;

import org.jspecify.annotations.NullMarked;
