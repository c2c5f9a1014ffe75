package dev.ncwrelay.local.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for this JVM's Java, with options for a fast start of many small processes on one machine. */
final class JavaCommand {

    private static final Path PROGRAM = Path.of(System.getProperty("java.home"), "bin", "java");

    private JavaCommand() {}

    static List<String> command(String maxHeap, String... arguments) {
        var command = new ArrayList<String>();
        command.add(PROGRAM.toString());
        command.add("-Xmx" + maxHeap);
        command.add("-XX:+UseSerialGC");
        // Short-lived processes mostly start up, which is faster without the optimizing compiler.
        command.add("-XX:TieredStopAtLevel=1");
        // Otherwise the process would continue without the thread that ran out of memory.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(arguments));
        return command;
    }
}
