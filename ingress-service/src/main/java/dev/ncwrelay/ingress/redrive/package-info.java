/**
 * Delivers kept events: events of wallets without a device stay on {@code ncw.wallet.unrouted} and are published to
 * the wallet's devices when one registers. A partition is owned by one node at a time; its state is rebuilt from the
 * topic.
 */
@NullMarked
package dev.ncwrelay.ingress.redrive;

import org.jspecify.annotations.NullMarked;
