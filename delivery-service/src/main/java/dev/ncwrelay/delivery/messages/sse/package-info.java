/** Edge: messages as server-sent events (HTML standard, section 9.2). */
@NullMarked
package dev.ncwrelay.delivery.messages.sse;

import org.jspecify.annotations.NullMarked;
