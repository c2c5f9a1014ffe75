/**
 * Registrations of devices: {@link DeviceRegistrar} writes {@code ncw.devices}. Another user, tenant or wallet begins a new
 * ownership with a higher epoch.
 */
@NullMarked
package dev.ncwrelay.delivery.device.registration;

import org.jspecify.annotations.NullMarked;
