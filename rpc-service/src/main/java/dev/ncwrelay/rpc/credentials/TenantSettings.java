package dev.ncwrelay.rpc.credentials;

import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One tenant's Fireblocks account.
 *
 * @param users its API users, at least one
 */
public record TenantSettings(@DefaultValue List<UserSettings> users) {

    public TenantSettings {
        users = List.copyOf(users);
    }
}
