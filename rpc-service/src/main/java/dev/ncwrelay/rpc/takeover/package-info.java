/** What the next owner of a partition learns of the one before: how far it came, and what was answered. */
@NullMarked
package dev.ncwrelay.rpc.takeover;

import org.jspecify.annotations.NullMarked;
