package dev.ncwrelay.local.layout;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The checkout that the stack runs from.
 *
 * @param root the folder of the parent pom
 * @param services the checkout whose services run: this one, or another that is measured
 */
public record Workspace(Path root, Path services) {

    public Workspace(Path root) {
        this(root, root);
    }

    /** The checkout named by the system property {@code relay.root}, which ./relay and the build set. */
    public static Workspace current() {
        return new Workspace(
                Path.of(System.getProperty("relay.root", ".")).toAbsolutePath().normalize());
    }

    /** The executable jar of a service, whether or not it is built: a stack must be stopped without it too. */
    public Path serviceJar(String service) {
        return services.resolve(service).resolve("target").resolve(service + ".jar");
    }

    /** The unpacked schema registry. */
    public Path registryHome() {
        return built(root.resolve("testkit/target/schema-registry"));
    }

    /** The jar of this module. */
    public Path localJar() {
        return built(root.resolve("local/target/local.jar"));
    }

    /** Class path of the broker and the simulator, which is that of this module. */
    public String localClassPath() {
        return localJar() + java.io.File.pathSeparator + root.resolve("local/target/lib") + "/*";
    }

    /** The folder of the stack of {@code ./relay up}. */
    public RunFolder upFolder() {
        return new RunFolder(root.resolve("target/relay/up"));
    }

    /** The folder of the demo's stack. */
    public RunFolder demoFolder() {
        return new RunFolder(root.resolve("target/relay/demo"));
    }

    /** The folder that a service is unpacked to, for a faster start. */
    public Path unpackedService(String service) {
        return services.resolve("target/relay/apps").resolve(service);
    }

    /** The folder with the services' AOT caches. */
    public Path aotCaches() {
        return services.resolve("target/relay/aot");
    }

    /**
     * The path, when there is a file.
     *
     * @throws IllegalStateException with the remedy when there is none
     */
    public static Path built(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " is missing: build first with ./relay build");
        }
        return path;
    }
}
