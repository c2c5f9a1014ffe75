/** Fireblocks' invoke RPC: checks each request as the real one does, records it and answers as configured by the test. */
@NullMarked
package dev.ncwrelay.testkit.invoke;

import org.jspecify.annotations.NullMarked;
