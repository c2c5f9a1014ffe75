/** The service that serves each device its stream of messages and takes its RPC payloads. */
@NullMarked
package dev.ncwrelay.delivery;

import org.jspecify.annotations.NullMarked;
