/**
 * Whether a device may do more now: {@link Admission} is the result of asking to wait, {@link DeviceRateLimiter}
 * limits the requests of each device per second.
 */
@NullMarked
package dev.ncwrelay.delivery.limit;

import org.jspecify.annotations.NullMarked;
