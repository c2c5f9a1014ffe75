/** RSA keys as JWK sets, PEM texts and signatures, written with the JDK alone so that no library under test checks itself. */
@NullMarked
package dev.ncwrelay.testkit.keys;

import org.jspecify.annotations.NullMarked;
