/** Loopback ports for servers whose port must be known before they start. */
@NullMarked
package dev.ncwrelay.testkit.net;

import org.jspecify.annotations.NullMarked;
