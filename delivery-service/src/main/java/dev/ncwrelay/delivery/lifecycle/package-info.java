/** How the service comes up and goes down: what it is made of, when it is ready, how its waits end. */
@NullMarked
package dev.ncwrelay.delivery.lifecycle;

import org.jspecify.annotations.NullMarked;
