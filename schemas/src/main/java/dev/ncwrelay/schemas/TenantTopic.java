package dev.ncwrelay.schemas;

import java.util.regex.Pattern;

/**
 * The topic of a tenant: the events of all of its devices, keyed by device id, which the tenant's own backend reads.
 *
 * @param tenant 1 to 128 letters, digits, {@code _} and {@code -}: with a dot, who may use the groups of one tenant might use
 *     those of another
 */
public record TenantTopic(String tenant) {

    static final String PREFIX = "ncw.client.tenant.";

    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    public TenantTopic {
        if (!isPossible(tenant)) {
            throw new IllegalArgumentException(
                    "a tenant with a topic has a name of 1 to 128 characters of A-Z a-z 0-9 _ -");
        }
    }

    /** Whether a tenant of this name can have a topic. */
    public static boolean isPossible(String tenant) {
        return TENANT.matcher(tenant).matches();
    }

    /** Its name. */
    public String name() {
        return PREFIX + tenant;
    }

    /** What the consumer groups that may read it begin with. */
    public String groupPrefix() {
        return name() + ".";
    }
}
