package dev.ncwrelay.local.process;

/** Another program listens on a component's port. */
public final class PortInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PortInUseException(String component, int port) {
        super("port " + port + ", which " + component + " needs, is in use by another program; find it with: ss -ltnp"
                + " 'sport = :" + port + "'");
    }
}
