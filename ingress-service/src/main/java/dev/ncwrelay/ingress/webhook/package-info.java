/**
 * Edge: receives webhooks over HTTP, without a thread while it waits for the body, for keys or for Kafka.
 * {@link WebhookReceiver} limits, reads and verifies a body; {@link WebhookPipeline} decodes, routes and publishes
 * it, once for repeated bodies; {@link WebhookResponses} maps the {@link WebhookOutcome} to a status.
 */
@NullMarked
package dev.ncwrelay.ingress.webhook;

import org.jspecify.annotations.NullMarked;
