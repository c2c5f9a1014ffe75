package dev.ncwrelay.bench.system;

import dev.ncwrelay.local.process.Component;
import java.util.ArrayList;
import java.util.List;

/** Lets parts of the stack run with the optimizing compiler, which the local stack does without to start sooner. */
final class OptimizingJvm {

    private static final String QUICK_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

    private OptimizingJvm() {}

    /** The part with these options of its JVM beside those that it has. */
    static Component of(Component part, List<String> options) {
        var command = new ArrayList<>(part.command());
        command.remove(QUICK_COMPILER_ONLY);
        int program = command.indexOf("-jar");
        command.addAll(program < 0 ? 1 : program, options);
        return new Component(
                part.name(), part.port(), command, part.environment(), part.builtFile(), part.probe(), part.grace());
    }

    /** The options by which heap and compiler of a part are set. */
    static List<String> options(Component part) {
        return part.command().stream()
                .filter(argument -> argument.startsWith("-Xm") || argument.startsWith("-XX:"))
                .toList();
    }
}
