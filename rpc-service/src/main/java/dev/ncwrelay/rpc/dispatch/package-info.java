/** Who may run next: work in order for each device, and bounded. */
@NullMarked
package dev.ncwrelay.rpc.dispatch;

import org.jspecify.annotations.NullMarked;
