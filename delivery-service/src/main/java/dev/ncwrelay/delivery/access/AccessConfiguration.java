package dev.ncwrelay.delivery.access;

import dev.ncwrelay.delivery.cursor.CursorSettings;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    private static final String REGISTERING = "SCOPE_devices:write";

    @Bean
    SecurityFilterChain security(HttpSecurity http, AccessSettings settings, Tickets tickets, JsonMapper json)
            throws Exception {
        var responder = new ProblemResponder(json);
        return http.csrf(csrf -> csrf.disable())
                .cors(cors -> cors.configurationSource(origins(settings)))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new TicketFilter(tickets, responder), BearerTokenAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                jakarta.servlet.DispatcherType.ASYNC, jakarta.servlet.DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .permitAll()
                        .requestMatchers(HttpMethod.PUT, "/v1/devices/*")
                        .hasAuthority(REGISTERING)
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

    @Bean
    Tickets tickets(CursorSettings cursors, Clock clock) {
        return new Tickets(cursors.load(), clock);
    }

    @Bean
    JwtDecoder jwtDecoder(AccessSettings settings) {
        var decoder = NimbusJwtDecoder.withJwkSetUri(
                        Objects.requireNonNull(settings.jwksUrl()).toString())
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithIssuer(Objects.requireNonNull(settings.issuer())),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD, audience -> audience != null && audience.contains(settings.audience()))));
        return decoder;
    }

    private static UrlBasedCorsConfigurationSource origins(AccessSettings settings) {
        var source = new UrlBasedCorsConfigurationSource();
        if (!settings.allowedOrigins().isEmpty()) {
            var cors = new CorsConfiguration();
            cors.setAllowedOrigins(settings.allowedOrigins());
            cors.setAllowedMethods(List.of("GET", "POST", "DELETE", "OPTIONS"));
            cors.setAllowedHeaders(List.of("Authorization", "Content-Type", "Last-Event-ID", "Request-Id"));
            cors.setExposedHeaders(List.of("Request-Id", "Retry-After"));
            source.registerCorsConfiguration("/**", cors);
        }
        return source;
    }
}
