package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rpc.credentials.KeyFiles;
import dev.ncwrelay.rpc.credentials.WrongCredentialsException;
import dev.ncwrelay.rpc.request.InvokeBody;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Fireblocks API user; its credentials may be replaced while calls are signed. Safe for use by many threads. */
public final class ApiUser {

    private static final Logger log = LoggerFactory.getLogger(ApiUser.class);

    private final String name;
    private final KeyFiles files;
    private final Supplier<RequestSigner> credentials;
    private volatile RequestSigner signer;
    private final AtomicInteger credentialVersion = new AtomicInteger();

    /**
     * @param name for logs and metrics: where it is configured, nothing of its keys
     * @param credentials reads them as they are now; its first failure is the caller's
     */
    ApiUser(String name, KeyFiles files, Supplier<RequestSigner> credentials) {
        this.name = name;
        this.files = files;
        this.credentials = credentials;
        this.signer = credentials.get();
    }

    public String name() {
        return name;
    }

    /** How often its credentials were replaced: what was found out about others need not hold of these. */
    public int credentialVersion() {
        return credentialVersion.get();
    }

    /**
     * Signs one attempt, afresh.
     *
     * @param path raw path and query as they will be sent, {@code /v1} included
     */
    public SignedRequest sign(String path, InvokeBody body) {
        return signer.sign(path, body);
    }

    /**
     * Reads the key files again if they have changed; for one thread. Two files are seldom replaced at one moment:
     * until the second is, the pair may not fit, and calls go to other users.
     */
    void reload() {
        if (!files.haveChanged()) {
            return;
        }
        try {
            signer = credentials.get();
            credentialVersion.incrementAndGet();
            log.atInfo().addKeyValue("user", name).log("credentials changed, in use from now on");
        } catch (WrongCredentialsException e) {
            log.atError()
                    .addKeyValue("user", name)
                    .addKeyValue("reason", e.getMessage())
                    .log("credentials changed and cannot be used, the old ones stay");
        }
    }

    @Override
    public String toString() {
        return "ApiUser[" + name + "]";
    }
}
