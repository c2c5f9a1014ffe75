/** How long events take, by stage. */
@NullMarked
package dev.ncwrelay.delivery.measure;

import org.jspecify.annotations.NullMarked;
