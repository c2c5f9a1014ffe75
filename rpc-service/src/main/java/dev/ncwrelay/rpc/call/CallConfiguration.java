package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.credentials.FireblocksProperties;
import dev.ncwrelay.rpc.limit.AccountCircuitBreakers;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.limit.LimitProperties;
import dev.ncwrelay.rpc.limit.PartitionShare;
import dev.ncwrelay.rpc.sign.Accounts;
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
    AccountCircuitBreakers breakers(Accounts accounts, LimitMetrics meters) {
        return new AccountCircuitBreakers(accounts, meters, System::nanoTime);
    }

    @Bean
    LimitMetrics limitMeters(MeterRegistry meters) {
        return new LimitMetrics(meters);
    }

    @Bean
    Invoker invoker(
            FireblocksProperties fireblocks,
            CallProperties call,
            AccountCircuitBreakers breakers,
            Accounts accounts,
            PartitionShare share,
            LimitProperties limits,
            LimitMetrics meters,
            Backoff backoff,
            Clock clock) {
        var http = new HttpAttempt(httpClient(call), fireblocks.api(), clock, call);
        var attempt = new CircuitBreakingAttempt(http, breakers, limits.waitingPerTenant(), clock, Thread::sleep);
        var pools = new ApiUserPools(accounts, share, limits, meters, System::nanoTime);
        var users = new FailoverInvoker(attempt, pools, backoff, new ClockSkewDetector(clock), clock, Thread::sleep);
        var retrying = new RetryingInvoker(users, backoff, clock, Thread::sleep);
        var bulkhead = new TenantBulkhead(retrying, limits.inFlightPerTenant());
        return new AccountCheck(bulkhead, accounts);
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
                .eventListenerFactory(SendTracker::of)
                .build();
    }
}
