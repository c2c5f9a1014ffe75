package dev.ncwrelay.local.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that run Java as this JVM runs, tuned for a quick start of many small processes on one machine. */
final class JavaCommand {

    private static final Path PROGRAM = Path.of(System.getProperty("java.home"), "bin", "java");

    private JavaCommand() {}

    static List<String> command(String maxHeap, String... arguments) {
        var command = new ArrayList<String>();
        command.add(PROGRAM.toString());
        command.add("-Xmx" + maxHeap);
        command.add("-XX:+UseSerialGC");
        // Most of a short life is start-up, which the quick compiler alone finishes sooner.
        command.add("-XX:TieredStopAtLevel=1");
        // A process that lost a thread to it would go on without what the thread did.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(arguments));
        return command;
    }
}
