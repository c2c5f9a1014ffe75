/** RabbitMQ: a queue per subscription, bound to one exchange. Users read the queues of their own devices, and nothing else. */
@NullMarked
package dev.ncwrelay.channel.rabbitmq;

import org.jspecify.annotations.NullMarked;
