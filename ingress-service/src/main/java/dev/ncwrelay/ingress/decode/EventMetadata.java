package dev.ncwrelay.ingress.decode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What every webhook has.
 *
 * @param eventId the notification's id; for v1, which has none, the lower-case hex SHA-256 of the body
 * @param type as Fireblocks named it
 * @param workspaceId v2 {@code workspaceId}, v1 {@code tenantId}
 * @param resourceId the entity that caused it (v2)
 * @param createdAt when Fireblocks made it, or when it was received if it does not say
 */
public record EventMetadata(
        String eventId,
        String type,
        @Nullable String workspaceId,
        @Nullable String resourceId,
        Instant createdAt,
        Instant receivedAt) {}
