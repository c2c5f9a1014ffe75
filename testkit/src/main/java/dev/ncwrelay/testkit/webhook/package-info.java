/** Fireblocks' webhooks: signs bodies, posts them and retries failed deliveries. */
@NullMarked
package dev.ncwrelay.testkit.webhook;

import org.jspecify.annotations.NullMarked;
