package dev.ncwrelay.bench.report;

/**
 * One number that a measurement found.
 *
 * @param fault whether any value but 0 means that the run is no measurement
 */
public record Figure(String what, double value, String unit, boolean fault) {

    private static final double THOUSAND = 1_000;

    public Figure {
        value = Math.round(value * THOUSAND) / THOUSAND;
    }

    public static Figure of(String what, double value, String unit) {
        return new Figure(what, value, unit, false);
    }

    public static Figure count(String what, long count) {
        return new Figure(what, count, "", false);
    }

    /** Of what must not happen. */
    public static Figure fault(String what, long count) {
        return new Figure(what, count, "", true);
    }
}
