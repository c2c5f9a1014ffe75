package dev.ncwrelay.testkit.rabbitmq;

import dev.ncwrelay.testkit.server.Server;

/** A node of RabbitMQ, and its administrator's commands. */
interface RabbitMqServer extends Server {

    /**
     * Runs a command for the running node and returns its exit code.
     *
     * @param tool {@code rabbitmqctl} or another tool of RabbitMQ
     */
    int control(String tool, String... arguments);
}
