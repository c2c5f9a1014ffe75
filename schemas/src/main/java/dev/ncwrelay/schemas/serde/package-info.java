/**
 * Converts records to bytes and back in Confluent's wire format, with the schema versions that this build knows.
 * {@link RecordCodec} distinguishes three results of decoding: the record, bytes that are no record, and a registry
 * that cannot be reached. {@link SchemaRegistration} registers the committed schema versions.
 */
@NullMarked
package dev.ncwrelay.schemas.serde;

import org.jspecify.annotations.NullMarked;
