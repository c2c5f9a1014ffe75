package dev.ncwrelay.delivery.security;

import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/** Resolves {@link OwnDevice}: looks the device up, checks that it is the caller's, and applies its rate limit. */
final class OwnDeviceResolver implements HandlerMethodArgumentResolver {

    private static final String PATH_VARIABLE = "deviceId";

    private final DeviceOwnership ownership;
    private final DeviceRateLimiter rateLimiter;

    OwnDeviceResolver(DeviceOwnership ownership, DeviceRateLimiter rateLimiter) {
        this.ownership = ownership;
        this.rateLimiter = rateLimiter;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(OwnDevice.class);
    }

    @Override
    public RegisteredDevice resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        // Every path of an annotated method has the variable, and security lets no request pass without a caller.
        var variables = (Map<?, ?>) Objects.requireNonNull(
                request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST));
        var deviceId = (String) Objects.requireNonNull(variables.get(PATH_VARIABLE));
        var caller = (Authentication) Objects.requireNonNull(request.getUserPrincipal());
        var device = ownership.require(deviceId, caller);
        var annotation = Objects.requireNonNull(parameter.getParameterAnnotation(OwnDevice.class));
        if (annotation.rateLimited() && !rateLimiter.tryAcquire(device.deviceId())) {
            throw Problem.tooFast();
        }
        return device;
    }
}
