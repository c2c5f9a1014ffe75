package dev.ncwrelay.schemas;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The partition of a key: murmur2 of its UTF-8 bytes, as in Kafka's default partitioner, so that a producer in any language
 * selects the same partition by default. The relay's producers set the result explicitly. The number of partitions never
 * changes, because another number would move every device.
 */
public final class DevicePartition {

    private DevicePartition() {}

    /**
     * The partition of {@code key} among {@code partitions}.
     *
     * @throws IllegalArgumentException when {@code partitions} is not positive
     */
    public static int of(String key, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be positive, not " + partitions);
        }
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
