/**
 * Connections of clients while a request is held. {@link WatchedConnector} accepts them and notices when a client
 * closes its connection; {@link HeldRequest} answers a request later, without a thread.
 */
@NullMarked
package dev.ncwrelay.delivery.http.connection;

import org.jspecify.annotations.NullMarked;
