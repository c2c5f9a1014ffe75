package dev.ncwrelay.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

    @TempDir
    private Path folder;

    private AotCache cache;

    @BeforeEach
    void makeJar() throws IOException {
        Files.createDirectories(folder.resolve("testkit/target/schema-registry"));
        Files.createDirectories(folder.resolve("local/target/local.jar"));
        cache = AotCache.of(new Workspace(folder), Stack.RPC);
        Files.createDirectories(cache.jar().getParent());
        Files.createDirectories(cache.cache().getParent());
        Files.writeString(cache.jar(), "jar");
    }

    @Test
    void cache_thatWasRecordedFromTheJar_isUsed() throws IOException {
        record();

        assertThat(cache.isCurrent()).isTrue();
        assertThat(command()).contains("-XX:AOTCache=" + cache.cache());
    }

    @Test
    void cache_ofAnotherJar_isNotUsed() throws IOException {
        record();
        Files.setLastModifiedTime(cache.jar(), FileTime.fromMillis(0));

        assertThat(cache.isCurrent()).isFalse();
        assertThat(command()).noneMatch(option -> option.startsWith("-XX:AOTCache"));
    }

    /** The recording was interrupted. */
    @Test
    void cache_thatMayBeIncomplete_isNotUsed() throws IOException {
        Files.writeString(cache.cache(), "half");

        assertThat(cache.isCurrent()).isFalse();
    }

    private void record() throws IOException {
        Files.writeString(cache.cache(), "cache");
        cache.recorded();
    }

    private List<String> command() {
        return new Stack(new Workspace(folder), new RunFolder(folder), Ports.standard())
                .process(Stack.RPC)
                .component()
                .command();
    }
}
