package dev.ncwrelay.testkit.samples;

/** The public keys that Fireblocks publishes for the header {@code Fireblocks-Signature}. */
public enum PublishedKey {
    US("us-mainnet-testnet", "b8bdd05823a3ffabc5c69873d2804f30ed8e85f40f0e703ca99828c1857d42ac"),
    EU_AND_EU2("eu-eu2-mainnet-testnet", "62c0bd718243ff45e9f91479fe5f53ff1143ea1be284fc43fd7fec4f8ef242aa"),
    /** The one that today's page on validating webhooks shows. */
    SANDBOX("sandbox-developer-v2docs", "655da82ccb13f27e79a664763be4ca3132c9a2ddac798f3ad330d8a79b3c388b"),
    /** The one of the v1 pages and of the demo backends. */
    SANDBOX_V1("sandbox-v1docs", "65882758bfa84e9fd85c926dce69776c9ec3c9af983f4324f304f5a26840655f");

    private final String file;
    private final String sha256;

    PublishedKey(String file, String sha256) {
        this.file = file;
        this.sha256 = sha256;
    }

    public String pem() {
        return Resource.text("keys/" + file + ".pem");
    }

    /** The lower-case hex SHA-256 of the key's DER form. */
    public String sha256() {
        return sha256;
    }
}
