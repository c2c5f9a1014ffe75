package dev.ncwrelay.ingress.webhook;

/** What became of a webhook. */
sealed interface IntakeOutcome {

    /** On the log, by all in-sync brokers' word. */
    record Accepted(String result) implements IntakeOutcome {}

    /** Not shown to be Fireblocks'. */
    record Refused(String reason) implements IntakeOutcome {}

    /** Longer than this service takes. */
    record TooLarge() implements IntakeOutcome {}

    /** To be sent again: Fireblocks does so after 5xx, and only then. */
    record NotNow(String result, String cause) implements IntakeOutcome {}

    /** The value of the metric's {@code result} tag. */
    default String result() {
        return switch (this) {
            case Accepted accepted -> accepted.result();
            case Refused _ -> "refused";
            case TooLarge _ -> "too_large";
            case NotNow later -> later.result();
        };
    }
}
