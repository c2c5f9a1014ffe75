/**
 * The contract between the services: every topic with its record type ({@link Topics}), and the partition of a device
 * or wallet ({@link DevicePartition}). The records are generated from the Avro schemas of this module.
 */
@NullMarked
package dev.ncwrelay.schemas;

import org.jspecify.annotations.NullMarked;
