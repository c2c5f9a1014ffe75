/** The files with the secrets of a stack on this machine: made when they are missing, never changed. */
@NullMarked
package dev.ncwrelay.local.secrets;

import org.jspecify.annotations.NullMarked;
