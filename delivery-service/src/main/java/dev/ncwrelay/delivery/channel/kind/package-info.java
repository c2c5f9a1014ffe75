/**
 * The kinds of channels. Each is a bean {@link ChannelKind} of a package of its own; a further kind is a further bean,
 * and nothing else changes.
 */
@NullMarked
package dev.ncwrelay.delivery.channel.kind;

import org.jspecify.annotations.NullMarked;
