/** What a run found out: on the screen, and as a file to compare other runs with. */
@NullMarked
package dev.ncwrelay.bench.report;

import org.jspecify.annotations.NullMarked;
