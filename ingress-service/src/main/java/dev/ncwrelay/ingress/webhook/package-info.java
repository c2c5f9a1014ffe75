/** Edge: Fireblocks' webhooks over HTTP, and what the service is made of. */
@NullMarked
package dev.ncwrelay.ingress.webhook;

import org.jspecify.annotations.NullMarked;
