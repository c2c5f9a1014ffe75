package dev.ncwrelay.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A server as a container of the engine on this machine, at a fixed port of 127.0.0.1, so that it has the same address after
 * a restart; Testcontainers removes it at the end of the JVM at the latest.
 */
public final class ServerContainer implements Server {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final int STOP_TIMEOUT_SECONDS = 30;
    private static final int PAUSE_ATTEMPTS = 10;

    private final GenericContainer<?> container;
    private final BooleanSupplier ready;

    private ServerContainer(GenericContainer<?> container, BooleanSupplier ready) {
        this.container = container.withStartupTimeout(START_TIMEOUT);
        this.ready = ready;
    }

    /**
     * A server that does not run yet.
     *
     * @param port where clients reach it
     * @param containerPort where it listens inside
     * @param ready checks whether it is ready; false when it is unreachable
     */
    public static ServerContainer published(
            GenericContainer<?> container, int port, int containerPort, BooleanSupplier ready) {
        container.withExposedPorts(containerPort);
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + containerPort));
        return new ServerContainer(container, ready);
    }

    /**
     * A server that does not run yet, and connects to servers of this JVM too: it has the network of the machine, so that it
     * must listen on 127.0.0.1 itself.
     *
     * @param ready checks whether it is ready; false when it is unreachable
     */
    public static ServerContainer onHostNetwork(GenericContainer<?> container, BooleanSupplier ready) {
        return new ServerContainer(container.withNetworkMode("host"), ready);
    }

    @Override
    public synchronized void restart() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException(
                    "-Dfixtures=containers needs a container engine, and none was found: is one running, and DOCKER_HOST set?");
        }
        if (container.getContainerId() == null) {
            container.start();
        } else if (!container.isRunning()) {
            engine().startContainerCmd(container.getContainerId()).exec();
        }
        StartWait.until(ready, container::isRunning, container::getLogs);
    }

    @Override
    public synchronized void stop() {
        if (container.isRunning()) {
            engine().stopContainerCmd(container.getContainerId())
                    .withTimeout(STOP_TIMEOUT_SECONDS)
                    .exec();
        }
    }

    @Override
    public synchronized void kill() {
        if (container.isRunning()) {
            engine().killContainerCmd(container.getContainerId()).exec();
            engine().waitContainerCmd(container.getContainerId()).start().awaitStatusCode();
        }
    }

    /** Runs a command in the container and returns its exit code. */
    public synchronized int run(String... command) {
        try {
            return container.execInContainer(command).getExitCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Repeated, because an engine on control groups of version 1 gives up when a busy machine does not halt all processes at once. */
    @Override
    public synchronized void pause() {
        for (int attempt = 1; ; attempt++) {
            try {
                engine().pauseContainerCmd(container.getContainerId()).exec();
                return;
            } catch (InternalServerErrorException e) {
                if (attempt == PAUSE_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public synchronized void resume() {
        if (Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getPaused())) {
            engine().unpauseContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    public synchronized void close() {
        container.stop();
    }

    private static DockerClient engine() {
        return DockerClientFactory.instance().client();
    }
}
