package dev.ncwrelay.delivery.messages.longpoll;

import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class LongPollConfiguration {

    @Bean
    PollHandler polls(
            DeviceStreams streams,
            StartPositions startPositions,
            WaitRegistry waits,
            ExecutorService waitWorkers,
            JsonMapper json) {
        return new PollHandler(streams, startPositions, waits, new PollResponseWriter(json), waitWorkers);
    }
}
