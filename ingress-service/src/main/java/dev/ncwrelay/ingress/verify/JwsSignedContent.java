package dev.ncwrelay.ingress.verify;

import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Base64;

/** The content that a JWS signs: its header, a dot, and the base64url of the payload (RFC 7515 section 5.1). */
final class JwsSignedContent implements SignedContent {

    /** A multiple of three, so that the base64url of the pieces can be concatenated. */
    private static final int PIECE = 3 * 4096;

    private final String header;

    JwsSignedContent(String header) {
        this.header = header;
    }

    @Override
    public void update(Signature signature, byte[] body) throws SignatureException {
        signature.update(header.getBytes(StandardCharsets.US_ASCII));
        signature.update((byte) '.');
        var encoder = Base64.getUrlEncoder().withoutPadding();
        var encoded = new byte[PIECE / 3 * 4];
        for (int from = 0; from < body.length; from += PIECE) {
            int length = Math.min(PIECE, body.length - from);
            var piece = new byte[length];
            System.arraycopy(body, from, piece, 0, length);
            signature.update(encoded, 0, encoder.encode(piece, encoded));
        }
    }
}
