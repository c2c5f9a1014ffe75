/**
 * Decides which work runs next. {@link DeviceDispatcher} runs each piece on a thread of its own, within bounds per
 * device and in total; {@link DeviceSequencer} admits the records of one device in offset order.
 */
@NullMarked
package dev.ncwrelay.rpc.dispatch;

import org.jspecify.annotations.NullMarked;
