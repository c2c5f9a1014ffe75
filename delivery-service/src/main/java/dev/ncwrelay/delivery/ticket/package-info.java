/** Edge: tickets, for browsers that cannot send a token with a stream or a socket. */
@NullMarked
package dev.ncwrelay.delivery.ticket;

import org.jspecify.annotations.NullMarked;
