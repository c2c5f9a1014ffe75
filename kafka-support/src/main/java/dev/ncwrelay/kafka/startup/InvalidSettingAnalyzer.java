package dev.ncwrelay.kafka.startup;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Reports an invalid setting at start by its name and origin, never by its value. It takes the place of Spring Boot's own
 * analyzers, which print values, and the value of a misspelt key may be a secret. The analysis contains no exception of a
 * library, because a debug log would print its message.
 */
// Created by Spring Boot, from spring.factories.
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSettingAnalyzer implements FailureAnalyzer {

    private static final String PACKAGE_PREFIX = "dev.ncwrelay.";
    private static final Pattern CHECKED = Pattern.compile("(relay|spring\\.kafka)\\b");
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");
    private static final String ACTION =
            "See the settings in the service's README and application.yaml. Values are not shown because they may be"
                    + " secret.";

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        return first(failure, InvalidSettingAnalyzer::unknownKeys)
                .or(() -> first(failure, InvalidSettingAnalyzer::failedCheck))
                .or(() -> first(failure, InvalidSettingAnalyzer::invalidValue))
                .or(() -> first(failure, InvalidSettingAnalyzer::invalidYaml))
                .map(text -> new FailureAnalysis(text, ACTION, new IllegalArgumentException(text)))
                .orElse(null);
    }

    private static Optional<String> first(Throwable failure, Function<Throwable, Optional<String>> reading) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> reading.apply(cause).stream())
                .findFirst();
    }

    private static Optional<String> unknownKeys(Throwable cause) {
        return cause instanceof UnboundConfigurationPropertiesException unbound
                ? Optional.of("Unknown setting: "
                        + unbound.getUnboundProperties().stream()
                                .map(InvalidSettingAnalyzer::place)
                                .collect(Collectors.joining(", ")))
                : Optional.empty();
    }

    /** A check in a settings record, whose message names the key and contains no value that may be secret. */
    private static Optional<String> failedCheck(Throwable cause) {
        var thrownBy = cause.getStackTrace();
        return cause instanceof IllegalArgumentException
                        && cause.getMessage() != null
                        && CHECKED.matcher(cause.getMessage()).lookingAt()
                        && thrownBy.length > 0
                        && thrownBy[0].getClassName().startsWith(PACKAGE_PREFIX)
                ? Optional.of(cause.getMessage())
                : Optional.empty();
    }

    private static Optional<String> invalidValue(Throwable cause) {
        return switch (cause) {
            case BindException bind -> {
                var property = bind.getProperty();
                var key = property == null ? bind.getName().toString() : place(property);
                yield Optional.of("Invalid value of " + key);
            }
            case InvalidConfigurationPropertyValueException value -> Optional.of("Invalid value of " + value.getName());
            default -> Optional.empty();
        };
    }

    /** Without the parser's message, which quotes the lines around the error. */
    private static Optional<String> invalidYaml(Throwable cause) {
        if (!cause.getClass().getName().startsWith("org.yaml.snakeyaml.")) {
            return Optional.empty();
        }
        var place = PLACE.matcher(String.valueOf(cause.getMessage())).results().toList();
        return Optional.of("A configuration file is not YAML"
                + (place.isEmpty() ? "" : ": " + place.getLast().group()));
    }

    private static String place(ConfigurationProperty property) {
        var origin = property.getOrigin();
        return property.getName() + (origin == null ? "" : " (" + origin + ")");
    }
}
