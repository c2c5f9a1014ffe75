package dev.ncwrelay.http;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * The server of the management port. Its own platform threads answer requests for health and metrics also while all
 * request threads are blocked or all carriers of virtual threads are busy.
 */
// Not a @Configuration: the component scan would also apply it to the main server.
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
final class ManagementServer {

    private static final int MAX_THREADS = 10;

    /** After the customizer that sets virtual threads. */
    @Bean
    @Order
    static WebServerFactoryCustomizer<JettyServletWebServerFactory> managementThreads() {
        return factory -> {
            var threads = new QueuedThreadPool(MAX_THREADS, 2);
            threads.setName("management");
            factory.setThreadPool(threads);
            factory.setAcceptors(1);
            factory.setSelectors(1);
            factory.addServerCustomizers(Connectors::readSerially);
        };
    }
}
