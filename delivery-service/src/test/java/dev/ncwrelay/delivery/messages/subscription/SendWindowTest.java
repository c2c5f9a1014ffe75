package dev.ncwrelay.delivery.messages.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendWindowTest {

    @Test
    void room_isWhatTheWindowAndTheCreditBothAllow() {
        assertThat(new SendWindow(3, 10).available()).isEqualTo(3);
        assertThat(new SendWindow(10, 3).available()).isEqualTo(3);
        assertThat(new SendWindow(10, 0).available()).isZero();
    }

    @Test
    void acknowledgement_freesEverythingUpToIt_andNoCredit() {
        var window = new SendWindow(3, 5);
        window.sent(10);
        window.sent(20);
        window.sent(30);
        assertThat(window.available()).isZero();

        window.acknowledged(20);

        assertThat(window.available()).isEqualTo(2);
        window.sent(40);
        window.sent(50);
        window.acknowledged(50);
        assertThat(window.available()).as("credit is spent").isZero();
    }

    @Test
    void acknowledgement_again_orOfWhatWasNotSent_freesNothingMore() {
        var window = new SendWindow(2, Long.MAX_VALUE);
        window.sent(10);
        window.acknowledged(10);
        window.acknowledged(10);
        window.acknowledged(5);

        assertThat(window.available()).isEqualTo(2);
    }

    @Test
    void grant_addsUp_andNeverOverflows() {
        var window = new SendWindow(100, 1);
        window.grant(4);
        assertThat(window.available()).isEqualTo(5);

        window.grant(Long.MAX_VALUE);

        assertThat(window.available()).isEqualTo(100);
    }

    @Test
    void unbounded_alwaysHasRoom() {
        var window = SendWindow.unbounded();
        for (int offset = 0; offset < 100_000; offset++) {
            window.sent(offset);
        }

        assertThat(window.available()).isEqualTo(Integer.MAX_VALUE);
    }
}
