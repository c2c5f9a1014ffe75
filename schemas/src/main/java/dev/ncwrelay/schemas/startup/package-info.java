/** Whether Kafka and the registry are there and as configured, asked until the answer is final. */
@NullMarked
package dev.ncwrelay.schemas.startup;

import org.jspecify.annotations.NullMarked;
