package dev.ncwrelay.schemas.serde;

import com.microsoft.kiota.ApiException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.SchemaParseException;

/**
 * Classifies exceptions of a serde. Two cases are final: Avro cannot decode the bytes, or the registry has answered that
 * the schema does not exist. Every other exception may be caused by an unavailable registry or by the serde's settings, and
 * no record may become a dead letter because of it.
 */
final class DecodingFailure {

    private static final int NOT_FOUND = 404;

    private DecodingFailure() {}

    /** True when every later attempt to decode the same bytes fails. */
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
                // A broken connection is an IOException, whether or not its cause is an EOFException.
                return false;
            }
        }
        return false;
    }

    private static boolean isAvroFailure(Throwable cause) {
        return switch (cause) {
            // Caused by the registry's response, not by the bytes.
            case SchemaParseException _ -> false;
            case EOFException _, IndexOutOfBoundsException _, NegativeArraySizeException _, ClassCastException _ ->
                true;
            default -> cause.getClass().getName().startsWith("org.apache.avro.");
        };
    }

    /** {@code io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException}, which may not be on the class path. */
    private static boolean isConfluentError(Throwable cause) {
        return cause.getClass().getSimpleName().equals("RestClientException");
    }

    /** A 404 of a proxy has none of the registry's error codes, 40401 to 40403. */
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
