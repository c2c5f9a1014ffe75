package dev.ncwrelay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientTopicTest {

    @Test
    void name_isPermittedByKafka_forEveryDeviceId() {
        assertThat(new ClientTopic("d-1", "s").name()).isEqualTo("ncw.client.d-1.s");
        assertThat(new ClientTopic("a.b_c:d-E9", "s").name()).matches("[a-zA-Z0-9._-]+");
    }

    @Test
    void groupPrefix_ofOneTopic_isNotThatOfAnother() {
        var topic = new ClientTopic("d-1", "s");

        assertThat(new ClientTopic("d-1", "s0").groupPrefix()).doesNotStartWith(topic.groupPrefix());
        assertThat(new ClientTopic("d-10", "s").groupPrefix()).doesNotStartWith(topic.groupPrefix());
    }

    @Test
    void name_isNeverThatOfATenantsTopic_norIsAGroupsOne() {
        assertThat(new ClientTopic("tenant", "acme").name()).isEqualTo("ncw.client._tenant.acme");
        assertThat(new ClientTopic("tenant.acme", "s").groupPrefix())
                .doesNotStartWith(new TenantTopic("acme").groupPrefix());
        assertThat(new ClientTopic("tenants", "s").name()).isEqualTo("ncw.client.tenants.s");
    }
}
