/**
 * Forwards the events of devices to the channels they subscribed to. Packages in the order of the flow: {@code
 * subscription}, {@code consume}, {@code forward} and {@code wake}, one package per kind of channel, and {@code lifecycle}.
 */
@NullMarked
package dev.ncwrelay.channel;

import org.jspecify.annotations.NullMarked;
