/** Edge: the wallet vendor's backend registers devices. */
@NullMarked
package dev.ncwrelay.delivery.device;

import org.jspecify.annotations.NullMarked;
