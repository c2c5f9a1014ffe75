package dev.ncwrelay.delivery.messages.mailbox;

/** What Kafka knows of the events' topic. */
interface EventTopic {

    /**
     * What it knows of one partition.
     *
     * @param start offset of the first record that is still there
     * @param committed offset up to which, itself excluded, this application has taken the records; 0 for none
     * @param changelogId which life of the mailbox's own topic this is: another one has nothing of what was taken
     */
    record Known(long start, long committed, long changelogId) {}

    Known of(int partition);
}
