/** Edge: messages by long polling, and acknowledgements over HTTP. */
@NullMarked
package dev.ncwrelay.delivery.messages.longpoll;

import org.jspecify.annotations.NullMarked;
