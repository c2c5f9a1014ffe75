package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.rsa.RsaProvider;

/** The tests with native code, where the platform has it. */
class NativeJwsVerifierTest extends JwsVerifierTest {

    @Override
    RsaProvider rsa() {
        return RsaProvider.fastest();
    }
}
