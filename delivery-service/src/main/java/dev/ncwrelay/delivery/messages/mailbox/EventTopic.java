package dev.ncwrelay.delivery.messages.mailbox;

/** Offsets and ids of the events topic, from the broker. */
interface EventTopic {

    /**
     * The broker's state of one partition.
     *
     * @param start offset of the first record that is still stored
     * @param committed offset before which this application has processed all records; 0 for none
     * @param changelogId generation of the mailbox's changelog topic: another one does not contain what was processed
     */
    record Known(long start, long committed, long changelogId) {}

    Known of(int partition);
}
