package dev.ncwrelay.testkit.invoke;

import java.security.interfaces.RSAPublicKey;

/** An API user as Fireblocks knows it: without the private key. */
public record RegisteredUser(String apiKey, RSAPublicKey publicKey, ApiRole role) {

    @Override
    public String toString() {
        return "RegisteredUser[" + role + "]";
    }
}
