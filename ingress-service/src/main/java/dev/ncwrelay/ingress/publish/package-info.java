/** Publishes events and reports the brokers' acknowledgement. */
@NullMarked
package dev.ncwrelay.ingress.publish;

import org.jspecify.annotations.NullMarked;
