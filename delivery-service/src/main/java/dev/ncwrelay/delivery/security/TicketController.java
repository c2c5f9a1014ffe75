package dev.ncwrelay.delivery.security;

import java.time.Clock;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
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
        var ticket = tickets.issue(
                device.deviceId(), device.userId(), clock.instant().plus(TokenExpiry.of(caller)));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(ticket);
    }
}
