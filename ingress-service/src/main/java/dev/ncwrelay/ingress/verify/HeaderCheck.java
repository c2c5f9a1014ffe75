package dev.ncwrelay.ingress.verify;

/** What the signature headers of a request come to before its body is read. */
public sealed interface HeaderCheck {

    /** The header has the right form and its key is known: the body decides. */
    record Prepared(SignatureCheck check) implements HeaderCheck {}

    /** No body makes this signature valid. */
    record Rejected(String reason) implements HeaderCheck {}

    /** The key is not known here and cannot be fetched now: Fireblocks must send it again, or it is lost. */
    record KeysUnavailable(String cause) implements HeaderCheck {}
}
