package dev.ncwrelay.testkit.kafka;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/**
 * Ensures that tests which use Kafka or the registry have the tag {@code kafka}: quick test runs exclude the tag and would
 * otherwise start both.
 */
final class KafkaUse {

    private static final String TAG = "kafka";
    private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private KafkaUse() {}

    /** Fails when a test class without the tag is among the callers. */
    static void check() {
        STACK.walk(frames -> frames.map(StackFrame::getDeclaringClass)
                        .map(Class::getNestHost)
                        .filter(type -> type.getSimpleName().endsWith("Test"))
                        .filter(type -> !isTagged(type))
                        .findFirst())
                .ifPresent(type -> {
                    throw new IllegalStateException(
                            type.getSimpleName() + " uses Kafka or the registry and needs @Tag(\"" + TAG + "\")");
                });
    }

    private static boolean isTagged(Class<?> type) {
        return Arrays.stream(type.getAnnotationsByType(Tag.class))
                .anyMatch(tag -> tag.value().equals(TAG));
    }
}
