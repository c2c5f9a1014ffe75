/**
 * Asks for what only Fireblocks' REST API has, a new wallet and the latest backup of one, at an address that signs the
 * requests: the relay's own account may invoke, and not create wallets.
 */
@NullMarked
package dev.ncwrelay.delivery.demo.wallet;

import org.jspecify.annotations.NullMarked;
