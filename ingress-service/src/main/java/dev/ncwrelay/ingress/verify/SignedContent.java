package dev.ncwrelay.ingress.verify;

import java.security.Signature;
import java.security.SignatureException;

/** Passes the bytes that a signature covers to the check in pieces, so that the body is not copied as a whole. */
@FunctionalInterface
interface SignedContent {

    void update(Signature signature, byte[] body) throws SignatureException;
}
