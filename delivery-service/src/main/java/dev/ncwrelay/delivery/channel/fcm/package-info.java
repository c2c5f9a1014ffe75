/**
 * Channels of the kind {@code fcm}: push notifications without content, which wake an app so that it polls. A subscription for
 * each registration token of Firebase Cloud Messaging.
 */
@NullMarked
package dev.ncwrelay.delivery.channel.fcm;

import org.jspecify.annotations.NullMarked;
