/**
 * The service that calls Fireblocks. It reads RPC requests from Kafka, signs and makes each call, and writes the
 * reply. It alone holds Fireblocks credentials, and serves no HTTP but health and metrics.
 */
@NullMarked
package dev.ncwrelay.rpc;

import org.jspecify.annotations.NullMarked;
