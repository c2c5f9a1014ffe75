package dev.ncwrelay.delivery.security;

import dev.ncwrelay.delivery.problem.Problem;
import java.time.Clock;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Issues tickets to callers with a token. */
@RestController
class TicketController {

    private final DeviceOwnership ownership;
    private final Tickets tickets;
    private final Clock clock;

    TicketController(DeviceOwnership ownership, Tickets tickets, Clock clock) {
        this.ownership = ownership;
        this.tickets = tickets;
        this.clock = clock;
    }

    @PostMapping("/v1/devices/{deviceId}/tickets")
    ResponseEntity<Ticket> issue(@PathVariable String deviceId, Authentication caller) {
        var device = ownership.require(deviceId, caller);
        var remaining = TokenExpiry.of(caller);
        if (!remaining.isPositive()) {
            throw expired();
        }
        var ticket = tickets.issue(
                device.deviceId(), device.userId(), clock.instant().plus(remaining));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(ticket);
    }

    /**
     * Spring Security accepts a token for up to a minute after its expiry (clock skew). A ticket for such a token would have
     * expired already, and every connection with it would be refused.
     */
    private static ErrorResponseException expired() {
        var problem = Problem.unauthorized();
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, ProblemResponder.INVALID_TOKEN);
        return problem;
    }
}
