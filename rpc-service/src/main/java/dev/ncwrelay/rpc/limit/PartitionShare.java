package dev.ncwrelay.rpc.limit;

/** This instance's share of the partitions, and so of configured rate limits. */
public final class PartitionShare {

    private volatile double share = 1;

    /** This number of partitions of all are assigned to this instance. */
    public void update(int partitions, int all) {
        share = (double) partitions / all;
    }

    public double value() {
        return share;
    }
}
