package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.cursor.CursorCodec;
import java.nio.charset.StandardCharsets;
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

    private static final int MAX_PROPERTY_BYTES = 255;
    private static final String TRACE_PARENT = "traceparent";

    org.springframework.amqp.core.Message of(Message message) {
        var event = message.event().event();
        var data = new byte[event.getData().remaining()];
        event.getData().duplicate().get(data);
        var properties = new MessageProperties();
        if (isShort(event.getEventId())) {
            properties.setMessageId(event.getEventId());
        } else {
            properties.setHeader("eventId", event.getEventId());
        }
        if (isShort(event.getEventType())) {
            properties.setType(event.getEventType());
        } else {
            properties.setHeader("eventType", event.getEventType());
        }
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

    /** AMQP 0-9-1, section 4.2.5.3: a property is a short string, of at most 255 bytes. */
    private static boolean isShort(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length <= MAX_PROPERTY_BYTES;
    }

    private static void header(MessageProperties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setHeader(name, value);
        }
    }
}
