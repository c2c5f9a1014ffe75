/**
 * Edge: the wallet vendor's backend registers devices. {@link DeviceRegistrar} writes {@code ncw.devices}; another
 * user, tenant or wallet begins a new ownership with a higher epoch.
 */
@NullMarked
package dev.ncwrelay.delivery.device;

import org.jspecify.annotations.NullMarked;
