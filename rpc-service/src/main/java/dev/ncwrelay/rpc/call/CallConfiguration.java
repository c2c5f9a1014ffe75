package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.rpc.credentials.FireblocksSettings;
import dev.ncwrelay.rpc.limit.AccountCircuitBreakers;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.limit.LimitSettings;
import dev.ncwrelay.rpc.limit.PartitionShare;
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

    /** Detects dead HTTP/2 connections during long silent calls. */
    private static final Duration PING = Duration.ofSeconds(20);

    @Bean
    Backoff backoff(RetrySettings retry, Clock clock) {
        // One per thread; the JDK's default generator is not thread-safe.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        return new Backoff(retry, clock, random);
    }

    /**
     * Stacks the decorators of a call, from the HTTP request outwards. Below the failover there are attempts for a chosen
     * API user, above it there are calls.
     */
    @Bean
    Invoker invoker(
            FireblocksSettings fireblocks,
            CallSettings call,
            RequestSigner signer,
            AccountCircuitBreakers breakers,
            Accounts accounts,
            PartitionShare share,
            LimitSettings limits,
            LimitMetrics metrics,
            Backoff backoff,
            Clock clock) {
        var users = new ApiUserPools(accounts, share, limits, metrics, System::nanoTime);
        var skew = new ClockSkewDetector(clock);

        Attempt attempt = new HttpAttempt(httpClient(call), signer, fireblocks.api(), clock, call);
        attempt = new CircuitBreakingAttempt(attempt, breakers, limits.waitingPerTenant(), clock, Thread::sleep);

        Invoker invoker = new FailoverInvoker(attempt, users, backoff, skew, clock, Thread::sleep);
        invoker = new RetryingInvoker(invoker, backoff, clock, Thread::sleep);
        invoker = new TenantBulkhead(invoker, limits.inFlightPerTenant());
        invoker = new AccountCheck(invoker, accounts);
        return invoker;
    }

    static OkHttpClient httpClient(CallSettings settings) {
        return new OkHttpClient.Builder()
                .connectTimeout(settings.connectTimeout())
                .writeTimeout(settings.writeTimeout())
                // A long poll is silent; the timeout of each call bounds it.
                .readTimeout(Duration.ZERO)
                .callTimeout(Duration.ZERO)
                .followRedirects(false)
                .followSslRedirects(false)
                // Racing addresses takes a platform thread per connection: thousands, when thousands of calls start.
                .fastFallback(false)
                .pingInterval(PING)
                .connectionPool(new ConnectionPool(
                        settings.idleConnections(), settings.idleTime().toMillis(), TimeUnit.MILLISECONDS))
                .eventListenerFactory(SendTracker::of)
                .build();
    }
}
