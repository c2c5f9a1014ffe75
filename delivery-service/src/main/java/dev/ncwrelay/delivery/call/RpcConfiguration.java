package dev.ncwrelay.delivery.call;

import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.delivery.reply.Replies;
import dev.ncwrelay.delivery.reply.RpcSettings;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RpcConfiguration {

    @Bean
    RpcCalls rpcCalls(RpcSettings settings, Replies replies, Publisher publisher, Clock clock) {
        return new RpcCalls(settings, replies, publisher, clock);
    }
}
