/** Reading all of a topic, outside any consumer group, for as long as a service lives. */
@NullMarked
package dev.ncwrelay.schemas.tail;

import org.jspecify.annotations.NullMarked;
