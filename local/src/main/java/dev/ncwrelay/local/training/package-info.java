/** Records what the services load and run, so that they start faster from an image. */
@NullMarked
package dev.ncwrelay.local.training;

import org.jspecify.annotations.NullMarked;
