package dev.ncwrelay.local.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One process of the stack, as it is to be started.
 *
 * @param name how people and files call it
 * @param port the loopback port it serves on
 * @param command program and arguments
 * @param environment what it is told; a variable that is already set by the caller wins
 * @param probe whether it serves
 * @param grace how long it may take to end when it is asked to
 */
public record Component(
        String name, int port, List<String> command, Map<String, String> environment, Probe probe, Duration grace) {
    public Component {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
