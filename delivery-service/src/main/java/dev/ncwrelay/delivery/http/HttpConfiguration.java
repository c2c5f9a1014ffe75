package dev.ncwrelay.delivery.http;

import dev.ncwrelay.delivery.problem.ProblemErrorHandler;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class HttpConfiguration implements WebMvcConfigurer {

    @Bean
    FilterRegistrationBean<RequestValidationFilter> requestValidationFilter() {
        var registration = new FilterRegistrationBean<>(new RequestValidationFilter());
        registration.setOrder(FilterOrder.CHECK);
        return registration;
    }

    @Bean
    FilterRegistrationBean<LingerFilter> lingerFilter() {
        var registration = new FilterRegistrationBean<>(new LingerFilter());
        registration.setOrder(FilterOrder.LINGER);
        return registration;
    }

    @Bean
    BodyBudget bodyBudget(HttpSettings settings, MeterRegistry metrics) {
        var budget = new BodyBudget(settings.maxBodies().toBytes());
        metrics.gauge("relay.delivery.bodies.bytes", budget, BodyBudget::used);
        return budget;
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(HttpSettings settings, BodyBudget bodyBudget) {
        var registration = new FilterRegistrationBean<>(new BodyLimitFilter(settings, bodyBudget));
        registration.setOrder(FilterOrder.BODIES);
        return registration;
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> serverProblems() {
        return factory -> factory.addServerCustomizers(server -> server.setErrorHandler(new ProblemErrorHandler()));
    }

    /** Methods are rejected by the controllers, which list the allowed ones. */
    @Bean
    HttpFirewall httpFirewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    /**
     * There is one representation of everything: an Accept header that excludes it must not fail a request at the end
     * of a wait.
     */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON, MediaType.ALL);
    }

    /** Spring handles HEAD as GET, which would be held and would claim messages that the response cannot carry. */
    @Override
    public void addInterceptors(InterceptorRegistry interceptors) {
        interceptors.addInterceptor(new HandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
                    throws HttpRequestMethodNotSupportedException {
                if (handler instanceof HandlerMethod && request.getMethod().equals(HttpMethod.HEAD.name())) {
                    throw new HttpRequestMethodNotSupportedException(
                            request.getMethod(), List.of(HttpMethod.GET.name()));
                }
                return true;
            }
        });
    }
}
