/** Errors as clients see them: problem+json (RFC 9457) that says what was expected. */
@NullMarked
package dev.ncwrelay.delivery.problem;

import org.jspecify.annotations.NullMarked;
