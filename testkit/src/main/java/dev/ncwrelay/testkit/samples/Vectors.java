package dev.ncwrelay.testkit.samples;

/** Signatures of another implementation, to test a verifier independently. */
public final class Vectors {

    private Vectors() {}

    /** A body with both of Fireblocks' webhook signatures and the key that verifies them. */
    public static SignedBody webhook() {
        return new SignedBody();
    }

    /** The parts of the vector; each call reads its file again. */
    public static final class SignedBody {

        private SignedBody() {}

        /** The bytes that were signed. */
        public byte[] body() {
            return Resource.bytes("jws-vector/body.json");
        }

        /** The value of {@code Fireblocks-Webhook-Signature}: a detached JWS, RS512. */
        public String jws() {
            return Resource.text("jws-vector/Fireblocks-Webhook-Signature.txt").strip();
        }

        /** The value of {@code Fireblocks-Signature}: RSA PKCS#1 v1.5 over SHA-512, in Base64. */
        public String legacySignature() {
            return Resource.text("jws-vector/Fireblocks-Signature.txt").strip();
        }

        /** The key set that verifies the JWS. */
        public String jwks() {
            return Resource.text("jws-vector/jwks.json");
        }

        /** The same key as PEM, for the legacy signature. */
        public String publicKeyPem() {
            return Resource.text("jws-vector/public.pem");
        }
    }
}
