package dev.ncwrelay.rpc.limit;

/** How much of the log this instance reads, and so how much of what all instances may do together is its. */
public final class PartitionShare {

    private volatile double share = 1;

    /** This instance has so many partitions of so many. */
    public void update(int partitions, int all) {
        share = (double) partitions / all;
    }

    public double value() {
        return share;
    }
}
