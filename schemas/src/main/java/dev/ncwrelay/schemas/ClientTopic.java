package dev.ncwrelay.schemas;

/**
 * The topic of one subscription to the kind {@code kafka}: the events of one device, which its user reads. Another subscription,
 * of the same owner or of the next, has another topic: who may read one may not read the other. None is or begins like a {@link
 * TenantTopic}.
 *
 * @param deviceId of letters, digits and {@code . _ : -}, as devices are registered
 */
public record ClientTopic(String deviceId, String subscriptionId) {

    private static final String PREFIX = "ncw.client.";

    /** Its name. Kafka permits no colon; the subscription's id alone distinguishes topics. */
    public String name() {
        var name = PREFIX + deviceId.replace(':', '-') + "." + subscriptionId;
        return name.startsWith(TenantTopic.PREFIX) ? PREFIX + "_" + name.substring(PREFIX.length()) : name;
    }

    /** What the consumer groups that may read it begin with. */
    public String groupPrefix() {
        return name() + ".";
    }
}
