/**
 * Edge: the paths of Fireblocks' demo backend by which a user signs in, gets a wallet and registers devices, so that
 * Fireblocks' demo clients work. Off by default: elsewhere the wallet vendor's backend registers devices.
 */
@NullMarked
package dev.ncwrelay.delivery.demo;

import org.jspecify.annotations.NullMarked;
