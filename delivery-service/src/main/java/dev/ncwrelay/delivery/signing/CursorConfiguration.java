package dev.ncwrelay.delivery.signing;

import dev.ncwrelay.cursor.CursorCodec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CursorConfiguration {

    @Bean
    CursorCodec cursorCodec(SigningSettings settings) {
        return new CursorCodec(settings.load());
    }
}
