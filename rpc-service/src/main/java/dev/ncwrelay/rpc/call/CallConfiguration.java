package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.sign.FireblocksProperties;
import dev.ncwrelay.rpc.sign.RequestSigner;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CallConfiguration {

    /** Finds dead HTTP/2 connections under calls that are silent for long. */
    private static final Duration PING = Duration.ofSeconds(20);

    @Bean
    Invoker invoker(
            FireblocksProperties fireblocks,
            CallProperties call,
            RetryProperties retry,
            RequestSigner signer,
            Clock clock) {
        // Each thread's own; the JDK's default generator is not made for several.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        var attempt = new HttpInvoker(httpClient(call), fireblocks.api(), signer, clock, call);
        var backoff = new Backoff(retry, clock, random);
        return new RetryingInvoker(attempt, backoff, clock, Thread::sleep);
    }

    static OkHttpClient httpClient(CallProperties properties) {
        return new OkHttpClient.Builder()
                .connectTimeout(properties.connectTimeout())
                .writeTimeout(properties.writeTimeout())
                // A server-side long poll is silent; each call's own timeout bounds it.
                .readTimeout(Duration.ZERO)
                .callTimeout(Duration.ZERO)
                .followRedirects(false)
                .followSslRedirects(false)
                // Racing addresses takes a platform thread per connection: thousands, when thousands of calls start.
                .fastFallback(false)
                .pingInterval(PING)
                .connectionPool(new ConnectionPool(
                        properties.idleConnections(), properties.idleTime().toMillis(), TimeUnit.MILLISECONDS))
                .eventListenerFactory(SendWatch::of)
                .build();
    }
}
