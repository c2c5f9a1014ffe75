/** What the services that serve HTTP do with Jetty: bounds of connections, and a management port of its own. */
@NullMarked
package dev.ncwrelay.http;

import org.jspecify.annotations.NullMarked;
