/** Why the service rejects requests, independent of the protocol. */
@NullMarked
package dev.ncwrelay.delivery.failure;

import org.jspecify.annotations.NullMarked;
