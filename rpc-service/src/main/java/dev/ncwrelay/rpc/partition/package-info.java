/**
 * State of each assigned partition. {@link OffsetTracker} knows which records are finished,
 * {@link RequestDeduplicator} which requests run or have a reply. {@link ProgressCodec} writes the progress into the
 * metadata of the committed offset, and at a hand-over {@link HandoverLoader} reads what previous owners left before
 * any record is processed.
 */
@NullMarked
package dev.ncwrelay.rpc.partition;

import org.jspecify.annotations.NullMarked;
