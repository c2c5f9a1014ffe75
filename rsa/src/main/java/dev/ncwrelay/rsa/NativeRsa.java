package dev.ncwrelay.rsa;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.Provider;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Amazon Corretto Crypto Provider. Its jars for several platforms have the same classes and each its own native library
 * under the same name; on one class path all would use the first library. So each is loaded by a class loader that has
 * only the jar for this platform.
 */
final class NativeRsa {

    private static final String PACKAGE = "com/amazon/corretto/crypto/provider/";
    private static final String LIBRARY = PACKAGE + "libamazonCorrettoCryptoProvider.so";
    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    /** Classifiers of the jars by the JDK's name of the processor. */
    private static final Map<String, String> LINUX = Map.of("amd64", "linux-x86_64", "aarch64", "linux-aarch_64");

    /** A native library is loaded once in a process. */
    private static final class Holder {
        private static final Result RESULT = load(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    sealed interface Result {}

    /** It is loaded, and its self-tests have passed. */
    record Loaded(Provider provider) implements Result {}

    /** There is none for this platform, or it cannot be loaded. */
    record Missing(String reason) implements Result {}

    private NativeRsa() {}

    static Result load() {
        return Holder.RESULT;
    }

    static Result load(String system, String processor) {
        var classifier = system.toLowerCase(Locale.ROOT).equals("linux") ? LINUX.get(processor) : null;
        if (classifier == null) {
            return new Missing("no native library for " + system + " on " + processor);
        }
        try {
            var jar = jar(classifier);
            return jar.isPresent() ? load(jar.get()) : new Missing("no jar for " + classifier + " on the class path");
        } catch (IOException | ReflectiveOperationException | LinkageError | RuntimeException e) {
            // Also a library that the system refuses: an older C library, or a /tmp from which nothing may run.
            return new Missing("the native library cannot be used: " + rootOf(e));
        }
    }

    private static Optional<URL> jar(String classifier) throws IOException {
        for (var library : Collections.list(NativeRsa.class.getClassLoader().getResources(LIBRARY))) {
            if (library.openConnection() instanceof JarURLConnection entry
                    && entry.getJarFileURL().toString().contains("-" + classifier + ".jar")) {
                return Optional.of(entry.getJarFileURL());
            }
        }
        return Optional.empty();
    }

    private static Result load(URL jar) throws ReflectiveOperationException {
        // Never closed: the provider loads classes as it needs them.
        var loader = new URLClassLoader("native-rsa", new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        var type = Class.forName(PROVIDER, true, loader);
        var provider = (Provider) type.getField("INSTANCE").get(null);
        var failure = (Throwable) type.getMethod("getLoadingError").invoke(provider);
        if (failure != null) {
            return new Missing("the native library cannot be loaded: " + rootOf(failure));
        }
        type.getMethod("runSelfTests").invoke(provider);
        type.getMethod("assertHealthy").invoke(provider);
        return new Loaded(provider);
    }

    private static String rootOf(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }
}
