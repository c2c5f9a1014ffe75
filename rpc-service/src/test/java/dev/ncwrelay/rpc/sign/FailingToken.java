package dev.ncwrelay.rpc.sign;

import java.security.Provider;
import java.security.ProviderException;

/** A token that has gone. */
final class FailingToken extends Provider {

    FailingToken() {
        super("FailingToken", "1", "fails");
        putService(new Service(this, "Signature", "SHA256withRSA", "none", null, null) {
            @Override
            public Object newInstance(Object parameter) {
                throw new ProviderException("injected");
            }
        });
    }
}
