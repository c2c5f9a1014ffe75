/** Who may do what: tokens are checked here, and whose a device is. */
@NullMarked
package dev.ncwrelay.delivery.access;

import org.jspecify.annotations.NullMarked;
