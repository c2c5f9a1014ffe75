package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Over TLS and HTTP/2, as Fireblocks' API is served. */
class Http2Test {

    private static final int CALLS = 200;

    /** The first call waits for the last, and handshakes are slow on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final CallSettings CALL =
            new CallSettings(LONG, LONG, LONG, DataSize.ofMegabytes(1), 100, Duration.ofSeconds(30));

    /** The client does not limit concurrent calls: the server responds only when it has them all. */
    @Test
    void callsOfOneConnection_runConcurrently() throws Exception {
        var all = new CountDownLatch(CALLS);
        var certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        try (var server = new MockWebServer();
                var fireblocks = FakeFireblocks.start();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(certificate)
                    .build()
                    .sslSocketFactory());
            server.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                    all.countDown();
                    all.await();
                    return new MockResponse.Builder().body("{\"result\":{}}").build();
                }
            });
            server.start();
            var api = server.url("/").uri();
            var user = Accounts.read(Calls.account(fireblocks, fireblocks.url()))
                    .all()
                    .getFirst();
            var attempt = new HttpAttempt(trusting(certificate), Calls.signer(), api, Clock.systemUTC(), CALL);

            // When
            var calls = new ArrayList<Callable<CallResult>>();
            for (int i = 0; i < CALLS; i++) {
                var request = Calls.request("device-" + i, Calls.payload("poll_mpc_msg"), LONG);
                calls.add(() -> attempt.invoke(request, user));
            }

            // Then
            for (Future<CallResult> call : threads.invokeAll(calls)) {
                assertThat(call.get().outcome()).isInstanceOf(Answered.class);
            }
            var connections = new HashSet<Integer>();
            for (int i = 0; i < CALLS; i++) {
                var request = server.takeRequest();
                assertThat(request.getVersion()).isEqualTo("HTTP/2");
                connections.add(request.getConnectionIndex());
            }
            assertThat(connections).hasSizeLessThan(CALLS);
        }
    }

    private static OkHttpClient trusting(HeldCertificate certificate) {
        var trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        return CallConfiguration.httpClient(CALL)
                .newBuilder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
    }
}
