/** Fireblocks' webhooks: signs bodies, posts them and repeats what was not received. */
@NullMarked
package dev.ncwrelay.testkit.webhook;

import org.jspecify.annotations.NullMarked;
