package dev.ncwrelay.rpc.credentials;

import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.RSAPrivateKey;

/** The private key that signs a user's requests. Its text form does not show it. */
public sealed interface SigningKey {

    /** In this process's memory: any implementation of RSA can sign with it. */
    record InMemory(RSAPrivateKey key) implements SigningKey {
        @Override
        public String toString() {
            return "InMemory[***]";
        }
    }

    /**
     * In a key store, which may be a device that does not give it out.
     *
     * @param key a reference to it
     * @param provider of the key store, the only one that can sign with it
     * @param sessions its threads
     */
    record InStore(PrivateKey key, Provider provider, SigningSessions sessions) implements SigningKey {
        @Override
        public String toString() {
            return "InStore[***]";
        }
    }
}
