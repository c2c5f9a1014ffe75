package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.testkit.process.NodePackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** The programs of a folder, run by Node. */
final class JavaScript {

    /** Reads topics and API descriptions. */
    static final NodePackage JS = of("e2e/js");

    /** Fireblocks' own SDK. */
    static final NodePackage SDK = of("e2e/sdk");

    /** The client library, with its tests. */
    static final NodePackage CLIENT = of("clients/typescript");

    /** A browser on the playground's page. */
    static final NodePackage BROWSER = of("e2e/browser");

    private JavaScript() {}

    /** Installs and compiles the client library and its tests, unless they are: another JVM of the run may be using them. */
    static void buildClient() throws IOException, InterruptedException {
        var lock = Workspace.current().root().resolve("e2e/target/client.lock");
        try (var file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = file.lock()) {
            CLIENT.install();
            if (!isCompiled()) {
                var compiled = CLIENT.run("npm", "run", "check");
                assertThat(compiled.exitCode()).as(compiled.output()).isZero();
                Files.writeString(compiledMark(), "");
            }
        }
    }

    private static boolean isCompiled() throws IOException {
        if (Files.notExists(compiledMark())) {
            return false;
        }
        var compiled = Files.getLastModifiedTime(compiledMark());
        for (var folder : List.of("src", "test", "playground", "node_modules/.package-lock.json", "tsconfig.json")) {
            try (var files = Files.walk(CLIENT.folder().resolve(folder))) {
                if (files.anyMatch(file -> changed(file).compareTo(compiled) > 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Path compiledMark() {
        return CLIENT.folder().resolve("build/.compiled");
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NodePackage of(String folder) {
        return new NodePackage(Workspace.current().root().resolve(folder));
    }
}
