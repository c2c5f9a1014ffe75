package dev.ncwrelay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FcmChannelTest {

    @Test
    void names_areTheBeginningOfASha256() {
        // printf 'dK3_x:APA91bFoo-Bar' | sha256sum
        assertThat(FcmChannel.nameOf("dK3_x:APA91bFoo-Bar")).isEqualTo("39d88fd03a0ec981");
        // printf device-1 | sha256sum
        assertThat(FcmChannel.hashOf("device-1")).isEqualTo("03204de92e11fc8c528139be41906592");
    }
}
