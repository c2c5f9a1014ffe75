/** Threads without which a service does not do its work, and how their failure ends the process. */
@NullMarked
package dev.ncwrelay.schemas.thread;

import org.jspecify.annotations.NullMarked;
