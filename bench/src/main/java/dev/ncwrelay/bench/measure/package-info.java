/** The measurements, each on a system of its own. */
@NullMarked
package dev.ncwrelay.bench.measure;

import org.jspecify.annotations.NullMarked;
