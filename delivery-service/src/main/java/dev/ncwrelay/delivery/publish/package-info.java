/** The one way from this service into Kafka. */
@NullMarked
package dev.ncwrelay.delivery.publish;

import org.jspecify.annotations.NullMarked;
