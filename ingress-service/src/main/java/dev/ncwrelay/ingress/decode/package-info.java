/** What a verified webhook says, as far as the relay needs to know. */
@NullMarked
package dev.ncwrelay.ingress.decode;

import org.jspecify.annotations.NullMarked;
