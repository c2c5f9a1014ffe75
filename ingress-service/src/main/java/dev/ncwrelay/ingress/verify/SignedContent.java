package dev.ncwrelay.ingress.verify;

import java.security.Signature;
import java.security.SignatureException;

/** The bytes that a signature covers, as they follow from a body; given piece by piece, so that none is a copy. */
@FunctionalInterface
interface SignedContent {

    void update(Signature signature, byte[] body) throws SignatureException;
}
