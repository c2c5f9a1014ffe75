/**
 * Signs requests to Fireblocks: {@link RequestSigner} makes a JWT over the exact bytes of the body, a new one for each
 * attempt.
 */
@NullMarked
package dev.ncwrelay.rpc.sign;

import org.jspecify.annotations.NullMarked;
