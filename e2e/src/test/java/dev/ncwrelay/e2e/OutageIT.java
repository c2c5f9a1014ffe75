package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.server.Outage;
import dev.ncwrelay.testkit.webhook.Attempt;
import dev.ncwrelay.testkit.webhook.RetrySchedule;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts of the stack are killed, stopped, paused and started again, and no message is lost. */
@Tag("fixtures")
@Tag("brokers")
class OutageIT {

    private final RunningStack stack = RunningStack.get();

    @AfterEach
    void startWhatIsNotRunning() throws InterruptedException {
        stack.kafka().resume();
        stack.kafka().restart();
        stack.start(Stack.RPC, Stack.DELIVERY);
    }

    @ParameterizedTest
    @EnumSource
    void webhook_duringAKafkaOutageIsTakenByTheRetryAndArrivesOnce(Outage outage) throws Exception {
        // Given
        var app = stack.newApp();
        stack.webhooks().send(app.transaction("before").bytes()).join();
        assertThat(app.receive(1)).hasSize(1);
        var cursor = app.cursor();
        outage.begin(stack.kafka());

        // When
        var body = app.transaction("during").bytes();
        var delivery = stack.webhooks()
                .responseTimeout(Duration.ofSeconds(8))
                .retrying(new RetrySchedule(Collections.nCopies(30, Duration.ofSeconds(1))))
                .send(body);
        var first = delivery.first().join();
        outage.end(stack.kafka());

        // Then
        assertThat(first.result())
                .isInstanceOfSatisfying(
                        Attempt.Result.Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(503));
        assertThat(delivery.end()).succeedsWithin(Duration.ofSeconds(60));
        assertThat(delivery.join().status()).isEqualTo(200);
        stack.webhooks().send(app.transaction("after").bytes()).join();
        assertThat(app.receiveAfter(cursor, 2))
                .extracting(data -> data.path("id").asString())
                .containsExactly("during", "after");
    }

    @Test
    void rpc_isAnsweredThoughRpcServiceWasKilledInBetween() throws Exception {
        // Given
        var app = stack.newApp();
        var calls = stack.fireblocks().invoke();
        var asked = new AtomicInteger();
        calls.onDevice(
                app.deviceId(),
                call -> asked.incrementAndGet() > 1
                        ? InvokeAnswer.result("second")
                        : InvokeAnswer.result("first").heldFor(Duration.ofSeconds(30)));
        var answer = app.rpc(App.payload("poll_mpc_msg"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !calls.callsOf(app.deviceId()).isEmpty());

        // When
        stack.kill(Stack.RPC);
        stack.start(Stack.RPC);

        // Then
        assertThat(answer).succeedsWithin(Duration.ofSeconds(70));
        assertThat(answer.join().statusCode()).as(App.text(answer.join())).isEqualTo(200);
        assertThat(App.text(answer.join())).contains("second");
    }

    @Test
    void poll_continuesFromItsCursorAfterARestartOfDelivery() throws Exception {
        // Given
        var app = stack.newApp();
        stack.webhooks().send(app.transaction("1").bytes()).join();
        assertThat(app.receive(1)).hasSize(1);
        var cursor = app.cursor();
        stack.webhooks().send(app.transaction("2").bytes()).join();

        // When
        stack.kill(Stack.DELIVERY);
        stack.webhooks().send(app.transaction("3").bytes()).join();
        stack.start(Stack.DELIVERY);

        // Then
        assertThat(app.receiveAfter(cursor, 2))
                .extracting(data -> data.path("id").asString())
                .containsExactly("2", "3");
    }
}
