/** Jetty configuration of the services: timeouts and limits of connections, and the server of the management port. */
@NullMarked
package dev.ncwrelay.http;

import org.jspecify.annotations.NullMarked;
