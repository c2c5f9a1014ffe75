/** The service that takes Fireblocks' webhooks: verify, decode, route, publish. */
@NullMarked
package dev.ncwrelay.ingress;

import org.jspecify.annotations.NullMarked;
