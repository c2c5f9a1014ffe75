package dev.ncwrelay.kafka.startup;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;

/** Ends a Spring application whose start-up check was refused. */
public final class RefusedStart {

    private static final Logger log = LoggerFactory.getLogger(RefusedStart.class);

    private RefusedStart() {}

    /**
     * Logs the reason of a refusal, closes the context and exits with status 1. The exit runs on a thread of its own,
     * because closing the context interrupts the thread of the check. That thread is no daemon: otherwise the process could
     * end with status 0 as soon as the context's own threads have ended.
     *
     * @return the same check
     */
    public static StartupCheck exitsProcess(StartupCheck check, ApplicationContext context) {
        var _ = check.outcome().thenAccept(state -> {
            if (state instanceof StartupState.Refused(var reason)) {
                log.atError().addKeyValue("reason", reason).log("start refused");
                Thread.ofPlatform().daemon(false).start(() -> System.exit(SpringApplication.exit(context, () -> 1)));
            }
        });
        return check;
    }
}
