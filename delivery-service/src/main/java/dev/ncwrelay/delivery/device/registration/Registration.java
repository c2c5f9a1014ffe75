package dev.ncwrelay.delivery.device.registration;

import dev.ncwrelay.delivery.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a registration.
 *
 * @param walletId the wallet whose events it receives
 * @param userId the subject of the tokens that may act for it
 * @param tenant the tenant it belongs to, if there are several
 */
public record Registration(
        @Nullable String walletId,
        @Nullable String userId,
        @Nullable String tenant) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final Pattern USER = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,256}");

    /** A complete and valid registration. */
    public record ValidRegistration(
            String walletId, String userId, @Nullable String tenant) {

        /** Sets this tenant unless one is given. */
        public ValidRegistration ofTenantUnlessGiven(String given) {
            return tenant == null ? new ValidRegistration(walletId, userId, given) : this;
        }
    }

    /**
     * The registration for this device.
     *
     * @throws org.springframework.web.ErrorResponseException 400 when anything is missing or invalid
     */
    public ValidRegistration checked(String deviceId) {
        checkedId("deviceId", deviceId);
        if (tenant != null) {
            checkedId("tenant", tenant);
        }
        return new ValidRegistration(
                checkedId("walletId", walletId),
                match("userId", userId, USER, "1 to 256 characters, the subject of the user's tokens"),
                tenant);
    }

    /**
     * The id, if it is one.
     *
     * @param name what the problem calls it
     * @throws org.springframework.web.ErrorResponseException 400 when it is not
     */
    public static String checkedId(String name, @Nullable String id) {
        return match(name, id, ID, "1 to 128 characters of A-Z a-z 0-9 . _ : -");
    }

    /** Whether a device, a wallet or a tenant may have this id. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Whether a user may have this id. */
    public static boolean isUserId(String text) {
        return USER.matcher(text).matches();
    }

    private static String match(String name, @Nullable String value, Pattern pattern, String expected) {
        if (value == null || !pattern.matcher(value).matches()) {
            throw Problem.badRequest(name + " must be " + expected);
        }
        return value;
    }
}
