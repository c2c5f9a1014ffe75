/**
 * RSA signatures, which are most of what a webhook and a call to Fireblocks cost: by native code where the platform has it,
 * by the JDK otherwise.
 */
@NullMarked
package dev.ncwrelay.rsa;

import org.jspecify.annotations.NullMarked;
