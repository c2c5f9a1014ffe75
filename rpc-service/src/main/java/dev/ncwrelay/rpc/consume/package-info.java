/** The Kafka edge: takes requests from the log, has each carried out on its own, and gives up their place only then. */
@NullMarked
package dev.ncwrelay.rpc.consume;

import org.jspecify.annotations.NullMarked;
