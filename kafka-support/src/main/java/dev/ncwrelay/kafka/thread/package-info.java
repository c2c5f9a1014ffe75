/** Critical threads: a service does not work without them, so an uncaught error in one ends the process. */
@NullMarked
package dev.ncwrelay.kafka.thread;

import org.jspecify.annotations.NullMarked;
