/** Edge: the message and transaction endpoints of Fireblocks' demo backend, for clients written for it. */
@NullMarked
package dev.ncwrelay.delivery.messages.compat;

import org.jspecify.annotations.NullMarked;
