package dev.ncwrelay.rpc.credentials;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The API users of each tenant. */
public final class Accounts {

    private static final String PREFIX = "relay.rpc.fireblocks";

    private final Map<String, List<ApiUser>> byTenant;

    private Accounts(Map<String, List<ApiUser>> byTenant) {
        this.byTenant = Map.copyOf(byTenant);
    }

    /**
     * Reads the configured accounts.
     *
     * @throws WrongCredentialsException when a setting cannot be used; it names the setting and the reason
     */
    public static Accounts read(FireblocksSettings settings) {
        var byTenant = new HashMap<String, List<ApiUser>>();
        settings.tenants().forEach((tenant, account) -> {
            var prefix = PREFIX + ".tenants." + tenant;
            if (account.users().isEmpty()) {
                throw new WrongCredentialsException(
                        prefix + " has no users",
                        "Set " + prefix + ".users[0].api-key-file and " + prefix + ".users[0].private-key-file.");
            }
            byTenant.put(tenant, users(prefix, account.users()));
        });
        var users = new ArrayList<ApiUser>();
        boolean others = !settings.users().isEmpty() || !byTenant.isEmpty();
        if (!settings.defaultUser().isEmpty() || !others) {
            users.add(user(PREFIX, settings.defaultUser()));
        }
        users.addAll(users(PREFIX, settings.users()));
        byTenant.put("", List.copyOf(users));
        return new Accounts(byTenant);
    }

    /** The API users of a tenant, null being the default one; none if it has no account. */
    public List<ApiUser> of(@Nullable String tenant) {
        return byTenant.getOrDefault(tenant == null ? "" : tenant, List.of());
    }

    /** The tenants with an account; the default one has the empty name. */
    public Set<String> tenants() {
        return byTenant.entrySet().stream()
                .filter(tenant -> !tenant.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** All API users. */
    public List<ApiUser> all() {
        return byTenant.values().stream().flatMap(List::stream).toList();
    }

    private static List<ApiUser> users(String prefix, List<UserSettings> configured) {
        var users = new ArrayList<ApiUser>();
        for (var user : configured) {
            users.add(user(prefix + ".users[" + users.size() + "]", user));
        }
        return List.copyOf(users);
    }

    private static ApiUser user(String prefix, UserSettings configured) {
        var name = prefix.equals(PREFIX) ? "default" : prefix.substring(PREFIX.length() + 1);
        // KeyFiles first: files that change before they are read are then read again.
        return new ApiUser(name, new KeyFiles(configured), () -> Credentials.of(prefix, configured));
    }
}
