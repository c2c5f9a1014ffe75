package dev.ncwrelay.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantTopicTest {

    @Test
    void groupPrefix_ofOneTenant_isNotThatOfAnother() {
        var acme = new TenantTopic("acme");

        assertThat(acme.name()).isEqualTo("ncw.client.tenant.acme");
        assertThat(new TenantTopic("acme-eu").groupPrefix()).doesNotStartWith(acme.groupPrefix());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme.eu", "acme:eu", "acme eu", "*", "ä"})
    void tenant_thatKafkaCouldNotKeepApart_hasNoTopic(String tenant) {
        assertThat(TenantTopic.isPossible(tenant)).isFalse();
        assertThatThrownBy(() -> new TenantTopic(tenant)).isInstanceOf(IllegalArgumentException.class);
    }
}
