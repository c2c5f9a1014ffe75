/** Java processes beside the test. */
@NullMarked
package dev.ncwrelay.testkit.process;

import org.jspecify.annotations.NullMarked;
