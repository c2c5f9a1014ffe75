/** How the services reach Kafka: connection settings, client configurations and the topics as they must be. */
@NullMarked
package dev.ncwrelay.schemas.kafka;

import org.jspecify.annotations.NullMarked;
