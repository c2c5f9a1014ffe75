package dev.ncwrelay.delivery.await;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Places places = new Places();
    private final Place older = new Place("app", 1);
    private final Place newer = new Place("app", 2);

    @Test
    void busyConnection_learnsOfALaterClaim_alsoWhenItHasLeftAgain() {
        places.enter("device", older);
        assertThat(places.isNewest("device", older)).isTrue();

        places.enter("device", newer);
        places.leave("device", newer);

        assertThat(places.isNewest("device", older)).isFalse();
        assertThat(places.isNewest("device", newer)).isTrue();
        assertThat(places.isNewest("device", new Place("app", 3))).isTrue();
    }

    @Test
    void claims_areOfOneConsumerOfOneDevice() {
        places.enter("device", older);
        places.enter("device", new Place("other", 3));
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
