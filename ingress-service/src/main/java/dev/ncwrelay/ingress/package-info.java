/**
 * The service that receives Fireblocks' webhooks. Each webhook is verified, decoded, routed and published, and is
 * answered 200 when all in-sync replicas have acknowledged its records.
 */
@NullMarked
package dev.ncwrelay.ingress;

import org.jspecify.annotations.NullMarked;
