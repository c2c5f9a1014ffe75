/** Events of wallets that had no device, delivered when one registers. */
@NullMarked
package dev.ncwrelay.ingress.redrive;

import org.jspecify.annotations.NullMarked;
