package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.sign.Accounts;
import dev.ncwrelay.rpc.sign.FireblocksProperties;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
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

    /** Half of the last calls, and at least this many of them, have failed. */
    private static final int FEWEST_CALLS = 20;

    private static final int LAST_CALLS = 50;
    private static final int PROBES = 5;
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    @Bean
    PartitionShare partitionShare() {
        return new PartitionShare();
    }

    @Bean
    Backoff backoff(RetryProperties retry, Clock clock) {
        // Each thread's own; the JDK's default generator is not made for several.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        return new Backoff(retry, clock, random);
    }

    @Bean
    BreakingAttempt breakingAttempt(
            FireblocksProperties fireblocks, CallProperties call, LimitMeters meters, Clock clock) {
        var http = new HttpInvoker(httpClient(call), fireblocks.api(), clock, call);
        var breaker = breaker();
        meters.breaker(breaker);
        return new BreakingAttempt(http, breaker, clock, Thread::sleep);
    }

    @Bean
    LimitMeters limitMeters(MeterRegistry meters) {
        return new LimitMeters(meters);
    }

    @Bean
    Invoker invoker(
            BreakingAttempt attempt,
            Accounts accounts,
            PartitionShare share,
            LimitProperties limits,
            LimitMeters meters,
            Backoff backoff,
            Clock clock) {
        var pools = new UserPools(accounts, share, limits, meters, System::nanoTime);
        var users = new UsersInvoker(attempt, pools, backoff, new ClockSkew(clock), clock, Thread::sleep);
        var retrying = new RetryingInvoker(users, backoff, clock, Thread::sleep);
        return new TenantBulkhead(retrying, limits.inFlightPerTenant());
    }

    static CircuitBreaker breaker() {
        return CircuitBreaker.of(
                "fireblocks",
                CircuitBreakerConfig.custom()
                        .slidingWindow(LAST_CALLS, FEWEST_CALLS, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .waitDurationInOpenState(OPEN_FOR)
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        // Nobody may call while it is open, so nobody would find out.
                        .automaticTransitionFromOpenToHalfOpenEnabled(true)
                        .build());
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
