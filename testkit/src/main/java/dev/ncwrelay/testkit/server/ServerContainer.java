package dev.ncwrelay.testkit.server;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A server as a container of the engine on this machine. Its port is published at a fixed port of 127.0.0.1, so it has the
 * same address after a restart; Testcontainers removes it at the end of the JVM at the latest.
 */
public final class ServerContainer implements Server {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final int STOP_TIMEOUT_SECONDS = 30;

    private final GenericContainer<?> container;
    private final BooleanSupplier ready;

    /**
     * A server that does not run yet.
     *
     * @param port where clients reach it
     * @param containerPort where it listens inside
     * @param ready checks whether it is ready; false when it is unreachable
     */
    public ServerContainer(GenericContainer<?> container, int port, int containerPort, BooleanSupplier ready) {
        this.container = container.withExposedPorts(containerPort).withStartupTimeout(START_TIMEOUT);
        this.container.setPortBindings(List.of("127.0.0.1:" + port + ":" + containerPort));
        this.ready = ready;
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
    public synchronized void pause() {
        engine().pauseContainerCmd(container.getContainerId()).exec();
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
