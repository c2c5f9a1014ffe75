package dev.ncwrelay.delivery.messages.cursor;

import dev.ncwrelay.delivery.signing.SigningSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CursorConfiguration {

    @Bean
    CursorCodec cursorCodec(SigningSettings settings) {
        return new CursorCodec(settings.load());
    }
}
