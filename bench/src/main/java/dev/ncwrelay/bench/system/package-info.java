/** The system that is measured: its processes, its devices, and the webhooks that Fireblocks signs for them. */
@NullMarked
package dev.ncwrelay.bench.system;

import org.jspecify.annotations.NullMarked;
