/** A real Kafka broker and a real schema registry on the loopback interface: in a test's JVM, as processes or in containers. */
@NullMarked
package dev.ncwrelay.testkit.kafka;

import org.jspecify.annotations.NullMarked;
