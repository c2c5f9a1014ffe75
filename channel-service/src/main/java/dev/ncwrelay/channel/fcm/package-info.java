/** Firebase Cloud Messaging: wakes devices by messages without content. */
@NullMarked
package dev.ncwrelay.channel.fcm;

import org.jspecify.annotations.NullMarked;
