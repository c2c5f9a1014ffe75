/** RabbitMQ: a queue per device, bound to one exchange. Users read their own devices' queues, and nothing else. */
@NullMarked
package dev.ncwrelay.channel.rabbitmq;

import org.jspecify.annotations.NullMarked;
