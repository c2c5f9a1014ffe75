package dev.ncwrelay.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ClientKafkaSettingsTest {

    @Test
    void tenants_haveAsManyPartitionsAsTheRelay_unlessTheySayOtherwise() {
        var settings = bind(Map.of(
                "client-listener", "CLIENT",
                "tenants.acme.principal", "User:acme-backend",
                "tenants.[a_b].principal", "User:CN=b,O=B",
                "tenants.[a_b].partitions", "3"));

        assertThat(settings.tenants())
                .containsOnly(
                        Map.entry("acme", new TenantTopicSettings("User:acme-backend", 0)),
                        Map.entry("a_b", new TenantTopicSettings("User:CN=b,O=B", 3)));
        assertThat(settings.tenants().values())
                .extracting(tenant -> tenant.partitionsOr(12))
                .containsExactlyInAnyOrder(12, 3);
        assertThat(settings.tenantGroup()).isEqualTo("ncw-channel-kafka-tenant");
        assertThat(settings.tenantThreads()).isEqualTo(2);
    }

    @Test
    void tenant_needsNoPrincipal_withoutAcls() {
        assertThat(bind(Map.of("acls", "false", "tenants.acme.partitions", "1")).tenants())
                .containsKey("acme");
    }

    @ParameterizedTest
    @CsvSource({
        "tenants.acme.principal, '', tenants.acme.principal",
        "tenants.acme.principal, acme-backend, tenants.acme.principal",
        "tenants.acme.principal, User:*, tenants.acme.principal",
        "tenants.acme.principal, Client:acme-backend, tenants.acme.principal",
        "tenants.acme.partitions, 3, tenants.acme.principal",
        "tenants.acme.partitions, -1, tenants.acme.partitions",
        "tenants.[acme.eu].principal, User:acme, tenants.acme.eu",
        "tenants.[acme:eu].principal, User:acme, tenants.acme:eu",
        "tenant-group, ncw-channel-kafka, tenant-group",
        "tenant-threads, 0, tenant-threads"
    })
    void mistake_isRefusedWithTheKeysName(String key, String value, String named) {
        assertThatThrownBy(() -> bind(Map.of("client-listener", "CLIENT", key, value)))
                .rootCause()
                .hasMessageStartingWith("relay.channel.kafka." + named + " must be ");
    }

    @Test
    void property_thatKafkaDoesNotKnow_isRefused() {
        assertThat(properties("security.protocol").properties()).containsOnlyKeys("security.protocol");

        assertThatThrownBy(() -> properties("security.protocoll"))
                .rootCause()
                .hasMessageStartingWith("relay.channel.kafka.properties.security.protocoll must be ");
    }

    private static ClientKafkaSettings properties(String name) {
        return bind(Map.of("bootstrap-servers", "kafka:9092", "properties." + name, "SSL"));
    }

    @Test
    void tenants_requireTheListenerOfUsers() {
        assertThatThrownBy(() -> bind(Map.of("tenants.acme.principal", "User:acme")))
                .rootCause()
                .hasMessageStartingWith("relay.channel.kafka.client-listener must be ");
    }

    private static ClientKafkaSettings bind(Map<String, String> settings) {
        var all = new HashMap<String, String>();
        settings.forEach((key, value) -> all.put(ClientKafkaSettings.PREFIX + key, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bindOrCreate("relay.channel.kafka", ClientKafkaSettings.class);
    }
}
