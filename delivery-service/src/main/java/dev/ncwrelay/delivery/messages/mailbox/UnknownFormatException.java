package dev.ncwrelay.delivery.messages.mailbox;

/** A stored value was written by a build whose format this one does not read. */
final class UnknownFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param kind of the value
     * @param found the version it has; values of builds without versions have 0 or 255
     * @param known the version that this build reads and writes
     */
    UnknownFormatException(String kind, int found, int known) {
        super("store \"" + MailboxProcessor.STORE + "\": a value (" + kind + ") has format version " + found
                + ", this build reads version " + known + "; see \"Stored mailboxes\" in delivery-service's README");
    }
}
