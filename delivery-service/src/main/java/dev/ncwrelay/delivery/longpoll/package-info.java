/** Edge: the device's messages by long poll, and acknowledgements. */
@NullMarked
package dev.ncwrelay.delivery.longpoll;

import org.jspecify.annotations.NullMarked;
