/** Notices a client that closes its connection while its request is held, which the servlet API has no notification of. */
@NullMarked
package dev.ncwrelay.delivery.presence;

import org.jspecify.annotations.NullMarked;
