package dev.ncwrelay.ingress.verify;

/** Result of checking the signature headers, before the body is read. */
public sealed interface HeaderCheck {

    /** The header is well formed and its key is known: the body is checked next. */
    record Prepared(SignatureCheck check) implements HeaderCheck {}

    /** The signature is not valid for any body. */
    record Rejected(String reason) implements HeaderCheck {}

    /** The key is not cached and cannot be fetched now: Fireblocks must send the webhook again. */
    record KeysUnavailable(String cause) implements HeaderCheck {}
}
