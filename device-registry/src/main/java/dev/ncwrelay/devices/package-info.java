/** Which device belongs to which wallet and user: an in-memory replica of the devices topic. */
@NullMarked
package dev.ncwrelay.devices;

import org.jspecify.annotations.NullMarked;
