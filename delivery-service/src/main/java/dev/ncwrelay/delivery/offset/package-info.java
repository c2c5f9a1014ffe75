/** End offsets of topics, as the brokers know them. */
@NullMarked
package dev.ncwrelay.delivery.offset;

import org.jspecify.annotations.NullMarked;
