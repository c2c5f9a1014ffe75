package dev.ncwrelay.channel.fcm;

import java.io.IOException;

/** FCM has answered 401 to a message. */
final class UnauthenticatedException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean thirdParty;

    /** @param thirdParty whether it was Apple or a Web Push service that refused FCM; otherwise FCM has refused the access token */
    UnauthenticatedException(boolean thirdParty) {
        super("unauthenticated");
        this.thirdParty = thirdParty;
    }

    boolean thirdParty() {
        return thirdParty;
    }
}
