/**
 * A page on which the relay's loop can be watched and played with: its files, and a journal of what the simulator and Kafka
 * see. It is for a stack on one machine; its sources are in clients/typescript/playground.
 */
@NullMarked
package dev.ncwrelay.testkit.playground;

import org.jspecify.annotations.NullMarked;
