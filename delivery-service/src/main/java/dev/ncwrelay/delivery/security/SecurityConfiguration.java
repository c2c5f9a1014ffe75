package dev.ncwrelay.delivery.security;

import dev.ncwrelay.delivery.http.FilterOrder;
import dev.ncwrelay.delivery.signing.SigningSettings;
import dev.ncwrelay.devices.DeviceRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String REGISTER_AUTHORITY = "SCOPE_devices:write";

    /** Health and metrics, which are served on the management port alone. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain managementSecurity(HttpSecurity http) {
        return http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .csrf(csrf -> csrf.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http, Tickets tickets) throws Exception {
        var responder = new ProblemResponder();
        return http.csrf(csrf -> csrf.disable())
                // Origins are checked before: see below.
                .cors(cors -> cors.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new TicketFilter(tickets, responder), BearerTokenAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                jakarta.servlet.DispatcherType.ASYNC, jakarta.servlet.DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(HttpMethod.PUT, "/v1/devices/*")
                        .hasAuthority(REGISTER_AUTHORITY)
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.jwt(jwt -> {})
                        .authenticationEntryPoint(responder)
                        .accessDeniedHandler(responder)
                        .withObjectPostProcessor(new ObjectPostProcessor<BearerTokenAuthenticationFilter>() {
                            @Override
                            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                                // By default keys that cannot be fetched end in a 500.
                                filter.setAuthenticationFailureHandler(responder);
                                return filter;
                            }
                        }))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(responder).accessDeniedHandler(responder))
                .build();
    }

    /** No metric uses them, and Spring Security would begin one at each filter of each request. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    Tickets tickets(SigningSettings cursors, Clock clock) {
        return new Tickets(cursors.load(), clock);
    }

    @Bean
    DeviceOwnership deviceOwnership(DeviceRegistry registry) {
        return new DeviceOwnership(registry);
    }

    @Bean
    TenantBinding tenantBinding(AuthSettings settings) {
        return new TenantBinding(settings.tenantClaim());
    }

    @Bean
    JwtDecoder jwtDecoder(AuthSettings settings, MeterRegistry metrics) {
        var keys = IssuerKeySource.of(
                Objects.requireNonNull(settings.jwksUrl()), settings.keysKept(), System::nanoTime, metrics);
        var decoder = NimbusJwtDecoder.withJwkSource(keys).build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithIssuer(Objects.requireNonNull(settings.issuer())),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD, audience -> audience != null && audience.contains(settings.audience()))));
        return decoder;
    }

    /** Before all other filters that reject requests: see {@link FilterOrder#ORIGINS}. */
    @Bean
    FilterRegistrationBean<CorsFilter> originsFilter(AuthSettings settings) {
        var filter = new CorsFilter(origins(settings));
        filter.setCorsProcessor(new ProblemCorsProcessor(new ProblemResponder()));
        var registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(FilterOrder.ORIGINS);
        return registration;
    }

    /** By default the firewall answers with a page, or with JSON of another form. */
    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        var responder = new ProblemResponder();
        return (request, response, _) -> responder.refusePath(request, response);
    }

    private static CorsConfigurationSource origins(AuthSettings settings) {
        if (settings.allowedOrigins().isEmpty()) {
            return _ -> null;
        }
        var cors = new CorsConfiguration();
        cors.setAllowedOrigins(settings.allowedOrigins());
        cors.setAllowedMethods(List.of("GET", "POST", "PUT", "DELETE"));
        cors.setAllowedHeaders(List.of(
                "Authorization", "Content-Type", "Last-Event-ID", "Prefer", "Request-Id", "traceparent", "tracestate"));
        cors.setExposedHeaders(List.of("Location", "Preference-Applied", "Request-Id", "Retry-After"));
        // As the demo backend; browsers remember for 5 s otherwise, and would ask before nearly every poll.
        cors.setMaxAge(Duration.ofMinutes(10));
        // By path it would be looked up with the charset of the body, which may have an impossible name.
        return _ -> cors;
    }
}
