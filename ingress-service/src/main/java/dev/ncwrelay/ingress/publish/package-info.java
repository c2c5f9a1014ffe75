/** Onto Kafka, and certain of it. */
@NullMarked
package dev.ncwrelay.ingress.publish;

import org.jspecify.annotations.NullMarked;
