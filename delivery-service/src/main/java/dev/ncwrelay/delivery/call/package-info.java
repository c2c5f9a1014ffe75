/** Carries a device's RPC calls through the log, and waits for what becomes of them. */
@NullMarked
package dev.ncwrelay.delivery.call;

import org.jspecify.annotations.NullMarked;
