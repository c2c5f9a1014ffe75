package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rpc.credentials.Credentials;
import dev.ncwrelay.rpc.credentials.FireblocksProperties;
import dev.ncwrelay.rpc.credentials.KeyFiles;
import dev.ncwrelay.rpc.credentials.UserProperties;
import dev.ncwrelay.rpc.credentials.WrongCredentialsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
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
     * Reads what is configured.
     *
     * @param nonces unguessable and never the same twice
     * @throws RuntimeException when something cannot be used, saying which key is wrong and how
     */
    public static Accounts of(FireblocksProperties properties, Clock clock, Supplier<UUID> nonces) {
        var reader = new Reader(properties, clock, nonces);
        var byTenant = new HashMap<String, List<ApiUser>>();
        properties.tenants().forEach((tenant, account) -> {
            var prefix = PREFIX + ".tenants." + tenant;
            if (account.users().isEmpty()) {
                throw new WrongCredentialsException(
                        prefix + " has no users",
                        "Set " + prefix + ".users[0].api-key-file and " + prefix + ".users[0].private-key-file.");
            }
            byTenant.put(tenant, reader.users(prefix, account.users()));
        });
        var users = new ArrayList<ApiUser>();
        boolean others = !properties.users().isEmpty() || !byTenant.isEmpty();
        if (!properties.defaultUser().isEmpty() || !others) {
            users.add(reader.user(PREFIX, properties.defaultUser()));
        }
        users.addAll(reader.users(PREFIX, properties.users()));
        byTenant.put("", List.copyOf(users));
        return new Accounts(byTenant);
    }

    /** The API users of a tenant, null being the default one; none where it has no account. */
    public List<ApiUser> of(@Nullable String tenant) {
        return byTenant.getOrDefault(tenant == null ? "" : tenant, List.of());
    }

    /** The tenants that have an account; the default one is the empty name. */
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

    private record Reader(FireblocksProperties properties, Clock clock, Supplier<UUID> nonces) {

        List<ApiUser> users(String prefix, List<UserProperties> configured) {
            var users = new ArrayList<ApiUser>();
            for (var user : configured) {
                users.add(user(prefix + ".users[" + users.size() + "]", user));
            }
            return List.copyOf(users);
        }

        ApiUser user(String prefix, UserProperties configured) {
            var name = prefix.equals(PREFIX) ? "default" : prefix.substring(PREFIX.length() + 1);
            // The files are looked at before they are read: what changes in between is seen as changed.
            return new ApiUser(
                    name,
                    new KeyFiles(configured),
                    () -> new RequestSigner(
                            Credentials.of(prefix, configured), properties.tokenLifetime(), clock, nonces));
        }
    }
}
