/** The backlog: what a device was sent and the ring no longer holds, until it is acknowledged or expires. */
@NullMarked
package dev.ncwrelay.delivery.mailbox;

import org.jspecify.annotations.NullMarked;
