package dev.ncwrelay.ingress.decode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Fields that all webhooks have.
 *
 * @param eventId the notification's id; for v1, which has none, the lower-case hex SHA-256 of the body
 * @param type Fireblocks' name of the type
 * @param workspaceId v2 {@code workspaceId}, v1 {@code tenantId}
 * @param resourceId the entity that it is about (v2)
 * @param createdAt when Fireblocks created it; if not specified, when it was received
 */
public record EventMetadata(
        String eventId,
        String type,
        @Nullable String workspaceId,
        @Nullable String resourceId,
        Instant createdAt,
        Instant receivedAt) {}
