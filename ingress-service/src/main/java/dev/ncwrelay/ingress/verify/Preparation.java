package dev.ncwrelay.ingress.verify;

/** What the signature headers of a request come to before its body is read. */
public sealed interface Preparation {

    /** The header has the right form and its key is known: the body decides. */
    record Prepared(SignatureCheck check) implements Preparation {}

    /** No body makes this signature valid. */
    record Rejected(String reason) implements Preparation {}

    /** The key is not known here and cannot be fetched now: Fireblocks must send it again, or it is lost. */
    record KeysUnavailable(String cause) implements Preparation {}
}
