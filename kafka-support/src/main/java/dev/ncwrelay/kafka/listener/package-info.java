/** What the services' listener containers have in common. */
@NullMarked
package dev.ncwrelay.kafka.listener;

import org.jspecify.annotations.NullMarked;
