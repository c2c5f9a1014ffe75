package dev.ncwrelay.delivery.channel.kind;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KindConfiguration {

    @Bean
    ChannelKinds channelKinds(List<ChannelKind> kinds) {
        return new ChannelKinds(kinds);
    }
}
