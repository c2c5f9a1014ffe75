package dev.ncwrelay.delivery.channel.fcm;

import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FcmKindConfiguration {

    @Bean
    ChannelKind fcmKind(FcmKindSettings settings) {
        return new FcmKind(settings);
    }
}
