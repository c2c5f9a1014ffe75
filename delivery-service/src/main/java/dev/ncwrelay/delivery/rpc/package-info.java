/** Edge: the app's SDK calls Fireblocks. */
@NullMarked
package dev.ncwrelay.delivery.rpc;

import org.jspecify.annotations.NullMarked;
