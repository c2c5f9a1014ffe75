package dev.ncwrelay.delivery.messages.wait;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsumerClaimsTest {

    private final ConsumerClaims claims = new ConsumerClaims();
    private final ConsumerClaim older = new ConsumerClaim("app", 1);
    private final ConsumerClaim newer = new ConsumerClaim("app", 2);

    @Test
    void busyConnection_learnsOfALaterClaim_alsoWhenItHasLeftAgain() {
        claims.register("device", older);
        assertThat(claims.isNewest("device", older)).isTrue();

        claims.register("device", newer);
        claims.release("device", newer);

        assertThat(claims.isNewest("device", older)).isFalse();
        assertThat(claims.isNewest("device", newer)).isTrue();
        assertThat(claims.isNewest("device", new ConsumerClaim("app", 3))).isTrue();
    }

    @Test
    void claims_areOfOneConsumerOfOneDevice() {
        claims.register("device", older);
        claims.register("device", new ConsumerClaim("other", 3));
        claims.register("other device", newer);

        assertThat(claims.isNewest("device", older)).isTrue();
    }

    @Test
    void claims_areRemovedWithTheLastHolder() {
        claims.register("device", older);
        claims.register("device", newer);
        claims.release("device", older);
        claims.release("device", newer);

        assertThat(claims.isNewest("device", older)).isTrue();
        assertThat(claims.size()).isZero();
    }
}
