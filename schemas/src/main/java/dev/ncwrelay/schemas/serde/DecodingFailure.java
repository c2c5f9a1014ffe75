package dev.ncwrelay.schemas.serde;

import com.microsoft.kiota.ApiException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.SchemaParseException;

/**
 * What a serde's exception says of the bytes. Only a few things are certain for ever: Avro cannot decode them, or the
 * registry was asked and knows no such schema. Everything else may be the registry's fault, now or in the serde's own
 * settings, and no record may be set aside for it.
 */
final class DecodingFailure {

    private static final int NOT_FOUND = 404;

    private DecodingFailure() {}

    /** True when no later attempt can read the same bytes. */
    static boolean isFinal(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException answer) {
                return answer.getResponseStatusCode() == NOT_FOUND;
            }
            if (isConfluentError(cause)) {
                return number(cause, "getStatus")
                                .filter(status -> status == NOT_FOUND)
                                .isPresent()
                        && isRegistryError(cause);
            }
            if (isAvroFailure(cause)) {
                return true;
            }
            if (cause instanceof IOException) {
                // A connection that ends too soon is a plain IOException, caused by an EOFException or not.
                return false;
            }
        }
        return false;
    }

    private static boolean isAvroFailure(Throwable cause) {
        return switch (cause) {
            // The schema that the registry answered with, not the bytes.
            case SchemaParseException _ -> false;
            case EOFException _, IndexOutOfBoundsException _, NegativeArraySizeException _, ClassCastException _ ->
                true;
            default -> cause.getClass().getName().startsWith("org.apache.avro.");
        };
    }

    /** {@code io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException}, which need not be here. */
    private static boolean isConfluentError(Throwable cause) {
        return cause.getClass().getSimpleName().equals("RestClientException");
    }

    /** A 404 of something between here and the registry has none of its error codes, 40401 to 40403. */
    private static boolean isRegistryError(Throwable answer) {
        return number(answer, "getErrorCode")
                .map(code -> code == NOT_FOUND || code / 100 == NOT_FOUND)
                .orElse(true);
    }

    private static Optional<Integer> number(Throwable answer, String getter) {
        try {
            return answer.getClass().getMethod(getter).invoke(answer) instanceof Integer number
                    ? Optional.of(number)
                    : Optional.empty();
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }
}
