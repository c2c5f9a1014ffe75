/** Addresses that settings name: {@link ConfiguredAddress}. */
@NullMarked
package dev.ncwrelay.delivery.address;

import org.jspecify.annotations.NullMarked;
