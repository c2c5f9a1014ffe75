/**
 * The servers that tests run beside themselves, as processes or as containers: which of the two, and how a test stops, pauses
 * and restarts them. What they serve is up to the packages that start them.
 */
@NullMarked
package dev.ncwrelay.testkit.server;

import org.jspecify.annotations.NullMarked;
