/**
 * Error responses as problem+json (RFC 9457) with stable types. {@link ProblemAdvice} and {@link ProblemErrorHandler}
 * give errors of the framework and of the server the same form.
 */
@NullMarked
package dev.ncwrelay.delivery.problem;

import org.jspecify.annotations.NullMarked;
