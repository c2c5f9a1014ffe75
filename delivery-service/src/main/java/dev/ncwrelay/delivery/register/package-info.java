/** Edge: the wallet vendor's backend registers devices. */
@NullMarked
package dev.ncwrelay.delivery.register;

import org.jspecify.annotations.NullMarked;
