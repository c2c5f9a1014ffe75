/** How far each consumer has acknowledged, known to every node. */
@NullMarked
package dev.ncwrelay.delivery.position;

import org.jspecify.annotations.NullMarked;
