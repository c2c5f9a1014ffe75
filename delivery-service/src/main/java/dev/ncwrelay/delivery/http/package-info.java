/**
 * Limits and validation of every HTTP request before it reaches a controller: body size and rate, total memory of
 * bodies, query syntax and media types. {@link FilterOrder} lists all filters of the service, outermost first.
 */
@NullMarked
package dev.ncwrelay.delivery.http;

import org.jspecify.annotations.NullMarked;
