package dev.ncwrelay.kafka.connection;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * The bundle that has this name at present. Kafka's clients keep the bundle that they are created with, and take keys and
 * certificates from it for each connection; so that new connections use renewed ones, they get this instead.
 */
record CurrentSslBundle(SslBundles bundles, String name) implements SslBundle {

    private SslBundle current() {
        return bundles.getBundle(name);
    }

    @Override
    public SslStoreBundle getStores() {
        return current().getStores();
    }

    @Override
    public SslBundleKey getKey() {
        return current().getKey();
    }

    @Override
    public SslOptions getOptions() {
        return current().getOptions();
    }

    @Override
    public String getProtocol() {
        return current().getProtocol();
    }

    @Override
    public SslManagerBundle getManagers() {
        return current().getManagers();
    }
}
