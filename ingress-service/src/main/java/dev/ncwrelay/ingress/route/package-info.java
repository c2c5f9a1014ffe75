/**
 * Determines the destinations of an event: its device, all devices of its wallets, the wallet itself while it has no
 * device, or the workspace.
 */
@NullMarked
package dev.ncwrelay.ingress.route;

import org.jspecify.annotations.NullMarked;
