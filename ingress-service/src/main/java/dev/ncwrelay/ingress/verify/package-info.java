/**
 * Verifies webhook signatures over the raw body, before anything is parsed. The signature headers are checked before
 * the body is read; {@link WebhookKeys} caches Fireblocks' published keys. A {@link VerifiedWebhook} is made only
 * here, so that no other step can receive an unverified body.
 */
@NullMarked
package dev.ncwrelay.ingress.verify;

import org.jspecify.annotations.NullMarked;
