/** Just enough of HTTP/1.1 to load a server while taking little of the processors that it shares with it. */
@NullMarked
package dev.ncwrelay.bench.http;

import org.jspecify.annotations.NullMarked;
