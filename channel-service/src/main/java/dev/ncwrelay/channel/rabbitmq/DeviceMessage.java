package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.cursor.CursorCodec;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;

/**
 * An event as a message of RabbitMQ: its data, byte for byte, and what else is known of it in properties and headers.
 *
 * @param cursors signs the cursor in the message
 */
record DeviceMessage(CursorCodec cursors) {

    private static final String TRACE_PARENT = "traceparent";

    org.springframework.amqp.core.Message of(Message message) {
        var event = message.event().event();
        var data = new byte[event.getData().remaining()];
        event.getData().duplicate().get(data);
        var properties = new MessageProperties();
        properties.setMessageId(event.getEventId());
        properties.setType(event.getEventType());
        properties.setTimestamp(Date.from(event.getCreatedAt()));
        properties.setContentType(MessageProperties.CONTENT_TYPE_JSON);
        properties.setContentEncoding("utf-8");
        properties.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
        header(properties, "cursor", cursors.encode(message.subscription().key().deviceId(), message.cursor()));
        header(properties, "walletId", event.getWalletId());
        header(properties, "physicalDeviceId", event.getPhysicalDeviceId());
        header(properties, TRACE_PARENT, message.event().headers().get(TRACE_PARENT));
        return new org.springframework.amqp.core.Message(data, properties);
    }

    private static void header(MessageProperties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setHeader(name, value);
        }
    }
}
