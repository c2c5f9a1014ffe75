/** Defaults of all tests of the project. */
@NullMarked
package dev.ncwrelay.testkit.junit;

import org.jspecify.annotations.NullMarked;
