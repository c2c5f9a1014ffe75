/** The names of the wire contract: topics, the records they carry, and the partition a device's stream is. */
@NullMarked
package dev.ncwrelay.schemas;

import org.jspecify.annotations.NullMarked;
