/** An OpenID Connect issuer for the users of devices. */
@NullMarked
package dev.ncwrelay.testkit.oidc;

import org.jspecify.annotations.NullMarked;
