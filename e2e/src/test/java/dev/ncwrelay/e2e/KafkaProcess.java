package dev.ncwrelay.e2e;

import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.testkit.process.ProcessSignal;
import dev.ncwrelay.testkit.server.Server;

/** The broker of the stack, which is killed where others are stopped: a crash is the harder case. */
record KafkaProcess(Stack stack) implements Server {

    @Override
    public void restart() {
        try {
            stack.start(Stack.KAFKA);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void stop() {
        stack.process(Stack.KAFKA).kill();
    }

    @Override
    public void pause() {
        send(ProcessSignal.STOP);
    }

    @Override
    public void resume() {
        send(ProcessSignal.CONTINUE);
    }

    @Override
    public void close() {
        stop();
    }

    private void send(ProcessSignal signal) {
        stack.process(Stack.KAFKA).running().ifPresent(signal::send);
    }
}
