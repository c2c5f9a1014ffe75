package dev.ncwrelay.delivery.ticket;

import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.access.Ticket;
import dev.ncwrelay.delivery.access.Tickets;
import dev.ncwrelay.delivery.access.TokenLife;
import java.time.Clock;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Gives a browser a ticket for a token. */
@RestController
class TicketController {

    private final Ownership ownership;
    private final Tickets tickets;
    private final Clock clock;

    TicketController(Ownership ownership, Tickets tickets, Clock clock) {
        this.ownership = ownership;
        this.tickets = tickets;
        this.clock = clock;
    }

    @PostMapping("/v1/devices/{deviceId}/tickets")
    ResponseEntity<Ticket> give(@PathVariable String deviceId, Authentication caller) {
        var device = ownership.require(deviceId, caller);
        var ticket = tickets.issue(
                device.deviceId(), device.userId(), clock.instant().plus(TokenLife.of(caller)));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(ticket);
    }
}
