/** Whom Fireblocks knows us as, and the proof of it on each request. */
@NullMarked
package dev.ncwrelay.rpc.sign;

import org.jspecify.annotations.NullMarked;
