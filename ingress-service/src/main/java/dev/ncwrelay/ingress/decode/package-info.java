/**
 * Decodes verified webhooks of versions 1 and 2: {@link WebhookDecoder} determines whether a webhook is a device
 * message, a wallet event or a workspace notice, and copies its data byte for byte.
 */
@NullMarked
package dev.ncwrelay.ingress.decode;

import org.jspecify.annotations.NullMarked;
