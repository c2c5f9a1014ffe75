/** Why the service refuses what a client asks, without regard to the protocol that the client uses. */
@NullMarked
package dev.ncwrelay.delivery.failure;

import org.jspecify.annotations.NullMarked;
