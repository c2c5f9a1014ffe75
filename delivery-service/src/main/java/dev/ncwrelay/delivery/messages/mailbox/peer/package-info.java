/**
 * How nodes read each other's mailboxes: {@link PeerServer} answers from this node's copies on a port of its own, and
 * {@link PeerClient} queries other nodes. {@link MailboxNode} starts both together with this node's mailboxes.
 */
@NullMarked
package dev.ncwrelay.delivery.messages.mailbox.peer;

import org.jspecify.annotations.NullMarked;
