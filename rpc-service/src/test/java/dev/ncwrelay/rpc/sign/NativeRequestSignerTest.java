package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rsa.RsaProvider;

/** The tests with native code, where the platform has it. */
class NativeRequestSignerTest extends RequestSignerTest {

    @Override
    RsaProvider rsa() {
        return RsaProvider.fastest();
    }
}
