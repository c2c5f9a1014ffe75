package dev.ncwrelay.local.demo;

import dev.ncwrelay.local.layout.Ports;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs both message flows on a running stack, prints each step, and checks that every byte arrives. */
public final class Demo implements AutoCloseable {

    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(20);
    private static final int ROUNDS = 30;

    private final Http http = new Http();
    private final DemoOutput output;
    private final Simulator simulator;
    private final DemoDevice device;

    public Demo(Ports ports, PrintWriter out) {
        this.output = new DemoOutput(out);
        this.simulator = new Simulator(http, "http://127.0.0.1:" + ports.simulator());
        this.device = DemoDevice.create("http://127.0.0.1:" + ports.delivery(), "alice");
    }

    /** Returns true when every check held. */
    public boolean run() throws InterruptedException {
        var token = simulator.token(device.user(), "");
        var user = DemoDevice.bearer(token);
        registerDevice();
        var messages = new MessageSteps(http, output, simulator, device, user);
        var cursor = messages.webhookDuringPoll();
        messages.reconnect(messages.webhookBeforePoll(cursor));
        new QueueSteps(http, output, simulator, device, user, token).queue();
        new PushSteps(http, output, simulator, device, user).push();
        var rpc = new RpcSteps(http, output, simulator, device, user);
        rpc.rpc();
        rpc.rpcError();
        rpc.slowAndFastRpc();
        repeatBothFlows(user, rpc);
        return output.conclude();
    }

    @Override
    public void close() {
        http.close();
    }

    private void registerDevice() {
        output.step("The wallet vendor's backend registers a device");
        var token = simulator.token("backend", "devices:write");
        var body = "{\"walletId\":\"" + device.walletId() + "\",\"userId\":\"" + device.user() + "\"}";

        var reply = http.put(device.url(), DemoDevice.bearer(token), body);

        output.event("backend", "PUT /v1/devices/" + device.deviceId() + "  " + body, reply.took());
        output.check(
                reply.status() == 201,
                "delivery-service answered " + reply.status() + ": stored in Kafka and visible on this node");
        output.command(simulator.tokenCommand("-d subject=backend -d scope=devices:write") + "\n"
                + "curl -X PUT " + device.url() + " -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '" + body + "'");
    }

    private void repeatBothFlows(Map<String, String> user, RpcSteps rpc) throws InterruptedException {
        output.step("Both flows " + ROUNDS + " more times, since the calls above also warmed up seven JVMs");
        var webhooks = new ArrayList<Duration>();
        var calls = new ArrayList<Duration>();
        var cursor = http.post(device.poll(), user, "{\"wait\":0,\"after\":\"latest\"}")
                .json()
                .path("next")
                .asString();
        for (int round = 0; round < ROUNDS; round++) {
            var poll = http.postLater(device.poll(), user, "{\"wait\":25,\"after\":\"" + cursor + "\"}");
            Thread.sleep(BETWEEN_ROUNDS);
            var began = System.nanoTime();
            simulator.sendWebhook(device.transaction("BROADCASTING"));
            var answer = poll.join();
            webhooks.add(Duration.ofNanos(System.nanoTime() - began));
            cursor = answer.json().path("next").asString();
            calls.add(rpc.call(RpcSteps.sdkPayload("report_event")).took());
        }
        output.event("fireblocks", "webhook to waiting app, median", median(webhooks));
        output.event("app", "rpc to Fireblocks and back, median", median(calls));
        output.check(webhooks.size() == ROUNDS && calls.size() == ROUNDS, "all of them arrived");
    }

    private static Duration median(List<Duration> durations) {
        return durations.stream().sorted().toList().get(durations.size() / 2);
    }
}
