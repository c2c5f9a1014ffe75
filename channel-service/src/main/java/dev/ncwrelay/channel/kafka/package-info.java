/**
 * Topics that clients read: of each subscribed device, which its user reads (the kind {@code kafka}), and of each tenant that is
 * configured, which its backend reads ({@code kafka-tenant}).
 */
@NullMarked
package dev.ncwrelay.channel.kafka;

import org.jspecify.annotations.NullMarked;
