package dev.ncwrelay.rpc.credentials;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Fireblocks API user, whose credentials can be replaced while calls are signed. Safe for use by many threads. */
public final class ApiUser {

    private static final Logger log = LoggerFactory.getLogger(ApiUser.class);

    private final String name;
    private final KeyFiles files;
    private final Supplier<Credentials> reader;
    private volatile Credentials credentials;
    private final AtomicInteger credentialVersion = new AtomicInteger();

    /**
     * @param name for logs and metrics: the setting it is configured with, nothing of its keys
     * @param reader reads the current credentials; if the first read fails, so does this constructor
     */
    ApiUser(String name, KeyFiles files, Supplier<Credentials> reader) {
        this.name = name;
        this.files = files;
        this.reader = reader;
        this.credentials = reader.get();
    }

    public String name() {
        return name;
    }

    /** The current credentials. */
    public Credentials credentials() {
        return credentials;
    }

    /** How often the credentials were replaced. What is known of earlier credentials need not hold of later ones. */
    public int credentialVersion() {
        return credentialVersion.get();
    }

    /**
     * Reads the key files again if they have changed. Only one thread may call this. Two files are seldom replaced at the
     * same moment: until both are, the pair may not match, and calls are made as other users. Files that cannot be used
     * are read again at the next call.
     */
    void reload() {
        var current = files.current();
        if (!files.haveChanged(current)) {
            return;
        }
        try {
            credentials = reader.get();
            files.accept(current);
            credentialVersion.incrementAndGet();
            log.atInfo().addKeyValue("user", name).log("credentials reloaded");
        } catch (RuntimeException e) {
            // Any failure: it may be temporary, and other users' files have to be checked too.
            log.atError()
                    .addKeyValue("user", name)
                    .addKeyValue("reason", e instanceof WrongCredentialsException ? e.getMessage() : e)
                    .log("reloading credentials failed, keeping the previous ones");
        }
    }

    @Override
    public String toString() {
        return "ApiUser[" + name + "]";
    }
}
