package dev.ncwrelay.delivery.rpc.reply;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReplyConfiguration {

    @Bean
    ReplyRegistry replyRegistry(RpcSettings settings, Clock clock) {
        return new ReplyRegistry(settings.maxMemory().toBytes(), settings.memory(), clock);
    }
}
