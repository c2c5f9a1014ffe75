/** Offsets: the ends of topics, as the brokers know them, and those of records that this node writes. */
@NullMarked
package dev.ncwrelay.delivery.offset;

import org.jspecify.annotations.NullMarked;
