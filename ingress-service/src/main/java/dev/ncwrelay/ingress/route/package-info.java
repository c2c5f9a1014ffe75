/** Whom it concerns: devices, wallets without devices, or the workspace. */
@NullMarked
package dev.ncwrelay.ingress.route;

import org.jspecify.annotations.NullMarked;
