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
 * Says at start which setting is wrong, by its name and place and never by its value, in place of Spring Boot's own
 * analyzers, which print values: what was misspelt may be a secret. The analysis carries no exception of others either,
 * whose texts a debug log would show.
 */
// Created by Spring Boot, from spring.factories.
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSettingAnalyzer implements FailureAnalyzer {

    private static final String PACKAGE_PREFIX = "dev.ncwrelay.";
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");
    private static final String ACTION =
            "See the settings in the service's README and its application.yaml. Values are not shown, they may be secret.";

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        return first(failure, InvalidSettingAnalyzer::unknownKeys)
                .or(() -> first(failure, InvalidSettingAnalyzer::ownRule))
                .or(() -> first(failure, InvalidSettingAnalyzer::impossibleValue))
                .or(() -> first(failure, InvalidSettingAnalyzer::brokenFile))
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
                ? Optional.of("There is no such setting: "
                        + unbound.getUnboundProperties().stream()
                                .map(InvalidSettingAnalyzer::place)
                                .collect(Collectors.joining(", ")))
                : Optional.empty();
    }

    /** A check of the settings' own records, whose texts name keys and show no value that may be secret. */
    private static Optional<String> ownRule(Throwable cause) {
        var thrownBy = cause.getStackTrace();
        return cause instanceof IllegalArgumentException
                        && cause.getMessage() != null
                        && cause.getMessage().startsWith("relay.")
                        && thrownBy.length > 0
                        && thrownBy[0].getClassName().startsWith(PACKAGE_PREFIX)
                ? Optional.of(cause.getMessage())
                : Optional.empty();
    }

    private static Optional<String> impossibleValue(Throwable cause) {
        return switch (cause) {
            case BindException bind -> {
                var property = bind.getProperty();
                var key = property == null ? bind.getName().toString() : place(property);
                yield Optional.of("The value of " + key + " is not possible");
            }
            case InvalidConfigurationPropertyValueException value ->
                Optional.of("The value of " + value.getName() + " is not possible");
            default -> Optional.empty();
        };
    }

    /** The parser's text shows the lines around the fault. */
    private static Optional<String> brokenFile(Throwable cause) {
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
