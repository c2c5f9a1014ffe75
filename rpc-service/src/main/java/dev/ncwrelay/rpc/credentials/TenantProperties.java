package dev.ncwrelay.rpc.credentials;

import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One tenant's Fireblocks account.
 *
 * @param users its API users, at least one
 */
public record TenantProperties(@DefaultValue List<UserProperties> users) {

    public TenantProperties {
        users = List.copyOf(users);
    }
}
