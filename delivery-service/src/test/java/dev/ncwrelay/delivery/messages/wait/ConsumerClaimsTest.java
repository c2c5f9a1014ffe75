package dev.ncwrelay.delivery.messages.wait;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsumerClaimsTest {

    private final ConsumerClaims places = new ConsumerClaims();
    private final ConsumerClaim older = new ConsumerClaim("app", 1);
    private final ConsumerClaim newer = new ConsumerClaim("app", 2);

    @Test
    void busyConnection_learnsOfALaterClaim_alsoWhenItHasLeftAgain() {
        places.enter("device", older);
        assertThat(places.isNewest("device", older)).isTrue();

        places.enter("device", newer);
        places.leave("device", newer);

        assertThat(places.isNewest("device", older)).isFalse();
        assertThat(places.isNewest("device", newer)).isTrue();
        assertThat(places.isNewest("device", new ConsumerClaim("app", 3))).isTrue();
    }

    @Test
    void claims_areOfOneConsumerOfOneDevice() {
        places.enter("device", older);
        places.enter("device", new ConsumerClaim("other", 3));
        places.enter("other device", newer);

        assertThat(places.isNewest("device", older)).isTrue();
    }

    @Test
    void claims_areForgottenWithTheLastWhoHoldsOne() {
        places.enter("device", older);
        places.enter("device", newer);
        places.leave("device", older);
        places.leave("device", newer);

        assertThat(places.isNewest("device", older)).isTrue();
        assertThat(places.size()).isZero();
    }
}
