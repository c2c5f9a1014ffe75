/** A real RabbitMQ for tests, from the package of the operating system. */
@NullMarked
package dev.ncwrelay.testkit.rabbitmq;

import org.jspecify.annotations.NullMarked;
