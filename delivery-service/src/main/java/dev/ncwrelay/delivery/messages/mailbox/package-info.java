/**
 * The events of each device until they are acknowledged or expire. Kafka Streams runs one {@link Mailbox} per partition
 * on one node, with copies on others. {@link Backlog} reads what is older than the ring, and {@link MailboxRouter}
 * finds a node that has a copy.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.mailbox;

import org.jspecify.annotations.NullMarked;
