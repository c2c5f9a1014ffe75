package dev.ncwrelay.client;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The user's token, kept until the relay refuses it. One fetch serves all requests that need it at the same time. */
final class Tokens {

    private final TokenSupplier supplier;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable String token;

    Tokens(TokenSupplier supplier) {
        this.supplier = supplier;
    }

    /**
     * The token, which is fetched when there is none.
     *
     * @throws RelayException {@code token} when there is none now
     */
    String current() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (token == null) {
                token = fetch();
            }
            return token;
        } finally {
            lock.unlock();
        }
    }

    /** Fetches the token anew before the next request, if it is still this one. */
    void refused(String refused) {
        lock.lock();
        try {
            if (refused.equals(token)) {
                token = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Fetches the token anew before the next request. */
    void forget() {
        lock.lock();
        try {
            token = null;
        } finally {
            lock.unlock();
        }
    }

    private String fetch() throws InterruptedException {
        try {
            var fetched = supplier.token();
            if (fetched == null) {
                throw new NullPointerException("the supplier returned null");
            }
            return fetched;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new RelayException("token", "the token could not be fetched", e);
        }
    }
}
