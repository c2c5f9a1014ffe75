/** One rule for everybody who waits for a device's messages, whatever the transport. */
@NullMarked
package dev.ncwrelay.delivery.await;

import org.jspecify.annotations.NullMarked;
