package dev.ncwrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ./relay builds, in a copy of the project with the real poms, one source file per module and a fake Maven. */
class LauncherBuildTest {

    private static final Path PROJECT = Path.of(System.getProperty("relay.root"));
    private static final List<String> LIBRARIES = List.of(
            "schemas",
            "kafka-support",
            "cursor",
            "kafka-principal",
            "rsa",
            "testkit",
            "http-support",
            "device-registry");
    private static final List<String> PROGRAMS =
            List.of("local", "ingress-service", "rpc-service", "delivery-service", "channel-service", "ops");

    /** Compiles what has no classes, as Maven does; notes the modules it was told to build; fails while there is "broken". */
    private static final String MAVEN = """
            #!/bin/sh
            while [ "$1" != -pl ]; do shift; done
            echo "$2" >> built
            [ ! -f broken ] || { echo "[ERROR] broken"; exit 1; }
            for module in %s $(echo "$2" | tr , ' '); do
              [ ! -d $module/target/classes ] || continue
              mkdir -p $module/target/classes
              echo class > $module/target/classes/A.class
              echo jar > $module/target/$module.jar
              case $module in local | ops) mkdir $module/target/lib; echo lib > $module/target/lib/a.jar ;; esac
            done
            mkdir -p testkit/target/schema-registry
            """.formatted(String.join(" ", LIBRARIES));

    @TempDir
    private Path project;

    @BeforeEach
    void copyProject() throws IOException {
        Files.copy(PROJECT.resolve("relay"), project.resolve("relay"));
        Files.copy(PROJECT.resolve("pom.xml"), project.resolve("pom.xml"));
        for (var modules : List.of(LIBRARIES, PROGRAMS)) {
            for (var module : modules) {
                Files.createDirectories(project.resolve(module));
                Files.copy(
                        PROJECT.resolve(module).resolve("pom.xml"),
                        project.resolve(module).resolve("pom.xml"));
                write(source(module), "class A {}");
            }
        }
        var maven = project.resolve("bin/mvn");
        write(maven, MAVEN);
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
        assertThat(build()).isZero();
        assertThat(built()).containsExactly("local,ingress-service,rpc-service,delivery-service,channel-service,ops");
    }

    @Test
    void build_withoutAChange_buildsNothing() throws Exception {
        assertThat(build()).isZero();

        assertThat(built()).isEmpty();
    }

    @Test
    void build_afterAChangeInOneService_buildsThatServiceAlone() throws Exception {
        write(source("rpc-service"), "class B {}");
        // As after a move or a restored backup.
        Files.setLastModifiedTime(source("rpc-service"), FileTime.from(Instant.EPOCH));

        assertThat(build()).isZero();
        assertThat(built()).containsExactly("rpc-service");
        assertThat(build()).isZero();
        assertThat(built()).isEmpty();
    }

    @Test
    void build_afterAChangeInALibrary_buildsWhatNeedsIt() throws Exception {
        write(source("http-support"), "class B {}");
        assertThat(build()).isZero();
        assertThat(built()).containsExactly("ingress-service,delivery-service,channel-service");

        // The services need it for their tests alone.
        write(source("testkit"), "class B {}");
        assertThat(build()).isZero();
        assertThat(built()).containsExactly("local");

        Files.delete(source("schemas"));
        assertThat(build()).isZero();
        assertThat(built()).containsExactly("local,ingress-service,rpc-service,delivery-service,channel-service,ops");
    }

    @Test
    void build_afterAnotherBuildWroteAJar_buildsItAgain() throws Exception {
        var jar = project.resolve("delivery-service/target/delivery-service.jar");
        write(jar, "from other sources");
        // As the build does, for jars that are the same each time.
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

        assertThat(build()).isZero();

        assertThat(built()).containsExactly("delivery-service");
        assertThat(jar).hasContent("jar");
    }

    @Test
    void failedBuild_leavesNothingFresh_andTheLauncherUsable() throws Exception {
        // Given
        write(source("kafka-support"), "class B {");
        write(project.resolve("broken"), "");

        // When
        assertThat(build()).isOne();

        // Then
        assertThat(project.resolve("rpc-service/target/rpc-service.jar")).doesNotExist();
        assertThat(project.resolve("local/target/lib/a.jar")).exists();
        Files.delete(project.resolve("broken"));
        built();
        assertThat(build()).isZero();
        assertThat(built()).containsExactly("local,ingress-service,rpc-service,delivery-service,channel-service,ops");
        assertThat(project.resolve("local/target/lib.before")).doesNotExist();
    }

    private Path source(String module) {
        return project.resolve(module).resolve("src/main/java/A.java");
    }

    /** What Maven has built since this was asked last. */
    private List<String> built() throws IOException {
        var file = project.resolve("built");
        if (!Files.exists(file)) {
            return List.of();
        }
        var lines = Files.readAllLines(file);
        Files.delete(file);
        return lines;
    }

    private int build() throws IOException {
        var command =
                new ProcessBuilder("bash", project.resolve("relay").toString(), "build").redirectErrorStream(true);
        // What is recorded, the real programs would record.
        command.environment().put("RELAY_WITHOUT_CACHES", "1");
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        command.environment().merge("PATH", project.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        var process = command.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.onExit().join().exitValue();
        assertThat(output).as("output of ./relay build").doesNotContain("No such file");
        return exitCode;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
