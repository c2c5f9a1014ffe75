package dev.ncwrelay.delivery.longpoll;

import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.stream.DeviceStreams;
import dev.ncwrelay.delivery.stream.Positioning;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class LongPollConfiguration {

    @Bean
    Polls polls(
            DeviceStreams streams, Positioning positioning, Waits waits, ExecutorService waitWorkers, JsonMapper json) {
        return new Polls(streams, positioning, waits, new PollAnswer(json), waitWorkers);
    }
}
