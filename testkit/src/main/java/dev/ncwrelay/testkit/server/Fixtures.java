package dev.ncwrelay.testkit.server;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the servers of tests run in, chosen by the system property {@code fixtures}. A test JVM that starts a server prints
 * the choice, once.
 */
public enum Fixtures {

    /** In the test's JVM, or as processes beside it. The default: it needs nothing but a JDK. */
    EMBEDDED,

    /** In containers, by Testcontainers. The Maven profile {@code containers}, which the property activates, adds its library. */
    CONTAINERS;

    private static final String PROPERTY = "fixtures";
    private static final AtomicBoolean PRINTED = new AtomicBoolean();

    /**
     * The choice for this JVM.
     *
     * @throws IllegalArgumentException when the property has another value
     */
    public static Fixtures chosen() {
        var chosen = named(System.getProperty(PROPERTY, EMBEDDED.propertyValue()));
        if (PRINTED.compareAndSet(false, true)) {
            System.out.println("Test fixtures: " + chosen.propertyValue());
        }
        return chosen;
    }

    static Fixtures named(String name) {
        return Arrays.stream(values())
                .filter(fixtures -> fixtures.propertyValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "-D" + PROPERTY + "=" + name + ": embedded or containers is expected"));
    }

    private String propertyValue() {
        return name().toLowerCase(Locale.ROOT);
    }
}
