/** A small HTTP server on 127.0.0.1 whose routes can answer late, slowly, partly or not at all. */
@NullMarked
package dev.ncwrelay.testkit.http;

import org.jspecify.annotations.NullMarked;
