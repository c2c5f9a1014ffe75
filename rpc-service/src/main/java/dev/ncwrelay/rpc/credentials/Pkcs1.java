package dev.ncwrelay.rpc.credentials;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** PKCS#1 keys ("BEGIN RSA PRIVATE KEY"), which the JDK reads only inside PKCS#8. */
final class Pkcs1 {

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    /** INTEGER 0, then the algorithm: SEQUENCE of OID 1.2.840.113549.1.1.1 (rsaEncryption) and NULL. */
    private static final byte[] VERSION_AND_ALGORITHM =
            HexFormat.of().parseHex("020100" + "300d06092a864886f70d0101010500");

    private Pkcs1() {}

    /** Puts the key into a PrivateKeyInfo (RFC 5208 section 5). */
    static byte[] toPkcs8(byte[] pkcs1) {
        var info = new ByteArrayOutputStream();
        info.writeBytes(VERSION_AND_ALGORITHM);
        info.writeBytes(element(OCTET_STRING, pkcs1));
        return element(SEQUENCE, info.toByteArray());
    }

    /** Tag, length in the long form (X.690 section 8.1.3.5), content; an RSA key takes 256 bytes to 64 KiB. */
    private static byte[] element(int tag, byte[] content) {
        var element = new ByteArrayOutputStream();
        element.write(tag);
        element.write(0x82);
        element.write(content.length >>> 8);
        element.write(content.length);
        element.writeBytes(content);
        return element.toByteArray();
    }
}
