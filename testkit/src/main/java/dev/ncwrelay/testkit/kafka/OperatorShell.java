package dev.ncwrelay.testkit.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import kafka.admin.ConfigCommand;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.AclCommand;

/**
 * Runs shell commands as an operator does. The shell calls Kafka's tools by name; they then run in this JVM, in the same
 * order and with the same arguments, because a JVM for each would take seconds.
 */
final class OperatorShell {

    /** Main classes of Kafka's tools, as its own scripts start them. */
    private static final Map<String, Consumer<String[]>> TOOLS = Map.of(
            "kafka-acls.sh", AclCommand::main,
            "kafka-configs.sh", ConfigCommand::main,
            "kafka-storage.sh", StorageTool::main);

    private final Path folder;
    private final Path calls;
    private final Map<String, String> environment;

    /** @param folder the working directory, which gets a folder {@code bin} with the tools */
    OperatorShell(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.calls = folder.resolve("calls");
        this.environment = Map.copyOf(environment);
        var bin = folder.resolve("bin");
        try {
            Files.createDirectory(bin);
            for (var tool : TOOLS.keySet()) {
                var script = Files.writeString(
                        bin.resolve(tool), "#!/bin/sh\nprintf '%s\\0' \"${0##*/}\" $# \"$@\" >> \"" + calls + "\"\n");
                Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs these lines, and fails with the output of the first command that fails. */
    void run(String lines) {
        try {
            Files.writeString(calls, "");
            runShell(lines);
            for (var call : calls()) {
                runTool(call);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void runShell(String lines) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("sh", "-euc", lines)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(environment);
        // keytool starts faster with it.
        shell.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        var javaBin = Path.of(System.getProperty("java.home"), "bin");
        shell.environment().merge("PATH", folder.resolve("bin") + ":" + javaBin, (path, first) -> first + ":" + path);
        var process = shell.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("failed:\n" + lines + output);
        }
    }

    /** Each call: the name of the tool, and its arguments. */
    private List<List<String>> calls() throws IOException {
        var fields = Arrays.asList(Files.readString(calls).split("\0", -1));
        var found = new ArrayList<List<String>>();
        for (int at = 0; at + 1 < fields.size(); ) {
            int end = at + 2 + Integer.parseInt(fields.get(at + 1));
            var call = new ArrayList<>(fields.subList(at + 2, end));
            call.addFirst(fields.get(at));
            found.add(call);
            at = end;
        }
        return found;
    }

    private static void runTool(List<String> call) {
        Exit.setExitProcedure((status, message) -> {
            if (status != 0) {
                throw new IllegalStateException(call + " exits with " + status + ": " + message);
            }
        });
        try {
            Objects.requireNonNull(TOOLS.get(call.getFirst()))
                    .accept(call.stream().skip(1).toArray(String[]::new));
        } finally {
            Exit.resetExitProcedure();
        }
    }
}
