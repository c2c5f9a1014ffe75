/** Follows a device's stream for as long as a connection lasts, whatever the transport. */
@NullMarked
package dev.ncwrelay.delivery.live;

import org.jspecify.annotations.NullMarked;
