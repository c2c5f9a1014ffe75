package dev.ncwrelay.delivery.messages.wait;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsumerClaimsTest {

    private final ConsumerClaims places = new ConsumerClaims();
    private final ConsumerClaim older = new ConsumerClaim("app", 1);
    private final ConsumerClaim newer = new ConsumerClaim("app", 2);

    @Test
    void busyConnection_learnsOfALaterClaim_alsoWhenItHasLeftAgain() {
        places.register("device", older);
        assertThat(places.isNewest("device", older)).isTrue();

        places.register("device", newer);
        places.release("device", newer);

        assertThat(places.isNewest("device", older)).isFalse();
        assertThat(places.isNewest("device", newer)).isTrue();
        assertThat(places.isNewest("device", new ConsumerClaim("app", 3))).isTrue();
    }

    @Test
    void claims_areOfOneConsumerOfOneDevice() {
        places.register("device", older);
        places.register("device", new ConsumerClaim("other", 3));
        places.register("other device", newer);

        assertThat(places.isNewest("device", older)).isTrue();
    }

    @Test
    void claims_areRemovedWithTheLastHolder() {
        places.register("device", older);
        places.register("device", newer);
        places.release("device", older);
        places.release("device", newer);

        assertThat(places.isNewest("device", older)).isTrue();
        assertThat(places.size()).isZero();
    }
}
