package dev.ncwrelay.http;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * The server of the management port, in a context of its own. It has platform threads of its own, so that health and
 * metrics are answered while all request threads wait, or all carriers of virtual threads compute.
 */
// Not a @Configuration, which the component scan would also apply to the server of requests.
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
        };
    }
}
