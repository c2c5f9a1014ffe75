/** A real Kafka broker and a real schema registry on the loopback interface, in a test's JVM or in one of their own. */
@NullMarked
package dev.ncwrelay.testkit.kafka;

import org.jspecify.annotations.NullMarked;
