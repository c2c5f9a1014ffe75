package dev.ncwrelay.testkit.invoke;

import java.security.interfaces.RSAPublicKey;

/** An API user without its private key, as registered at Fireblocks. */
public record RegisteredUser(String apiKey, RSAPublicKey publicKey, ApiRole role) {

    @Override
    public String toString() {
        return "RegisteredUser[" + role + "]";
    }
}
