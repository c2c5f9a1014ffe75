/** Fireblocks' invoke RPC: checks each request as the real one does, records it and answers as the test wants. */
@NullMarked
package dev.ncwrelay.testkit.invoke;

import org.jspecify.annotations.NullMarked;
