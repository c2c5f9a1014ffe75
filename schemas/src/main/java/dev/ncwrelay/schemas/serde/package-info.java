/** Records to bytes and back, in Confluent's wire format, with the schema versions this build knows. */
@NullMarked
package dev.ncwrelay.schemas.serde;

import org.jspecify.annotations.NullMarked;
