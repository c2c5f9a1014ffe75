package dev.ncwrelay.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Java process that has ended.
 *
 * @param output what it wrote to standard output and standard error
 */
public record EndedProcess(int exitValue, String output) {

    private static final int LIMIT_SECONDS = 60;

    /**
     * Runs a class on the class path of this process until it ends.
     *
     * @throws AssertionError if it has not ended within a minute
     */
    public static EndedProcess of(Path log, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        var java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
        var process = new ProcessBuilder(
                        Stream.concat(java.stream(), Stream.of(arguments)).toList())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        var output = Files.readString(log);
        if (!ended) {
            throw new AssertionError("it has not ended: " + output);
        }
        return new EndedProcess(process.exitValue(), output);
    }
}
