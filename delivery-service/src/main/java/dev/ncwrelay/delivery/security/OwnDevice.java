package dev.ncwrelay.delivery.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of a controller's method: the {@link dev.ncwrelay.devices.RegisteredDevice} that the path names with
 * {@code {deviceId}}, which must be the caller's. The request ends with 404 when it is unknown, and with 403 when it is another
 * user's.
 *
 * <p>Parameters are resolved in their order: after the body and the query, so that an invalid request is 400 for any
 * device and does not count against its rate limit.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface OwnDevice {

    /** True when the request counts against the device's rate limit, beyond which it ends with 429. */
    boolean rateLimited() default false;
}
