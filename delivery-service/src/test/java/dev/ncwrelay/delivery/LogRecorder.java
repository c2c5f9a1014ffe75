package dev.ncwrelay.delivery;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Records what must not be in a service's log: errors, and stack traces of any level. The broker of the tests runs in
 * the same JVM; its log is its own.
 */
final class LogRecorder extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> faults = new CopyOnWriteArrayList<>();

    private LogRecorder() {}

    static LogRecorder attach() {
        var recorder = new LogRecorder();
        recorder.start();
        root().addAppender(recorder);
        return recorder;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLoggerName().startsWith("org.apache.kafka.controller.")) {
            return;
        }
        if (event.getLevel().isGreaterOrEqual(Level.ERROR) || event.getThrowableProxy() != null) {
            faults.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + " "
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getClassName() + ": "
                                    + event.getThrowableProxy().getMessage()));
        }
    }

    @Override
    public void close() {
        root().detachAppender(this);
        stop();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
