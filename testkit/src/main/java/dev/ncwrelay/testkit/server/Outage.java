package dev.ncwrelay.testkit.server;

/** How a server becomes unavailable. */
public enum Outage {

    /** Connections are refused. */
    STOPPED {
        @Override
        public void begin(Server server) {
            server.stop();
        }

        @Override
        public void end(Server server) {
            server.restart();
        }
    },

    /** Connections are accepted, and nothing is answered: a client finds out by its timeouts alone. */
    PAUSED {
        @Override
        public void begin(Server server) {
            server.pause();
        }

        @Override
        public void end(Server server) {
            server.resume();
        }
    };

    public abstract void begin(Server server);

    public abstract void end(Server server);
}
