/** The results of a run: as a table, and as a file to compare with other runs. */
@NullMarked
package dev.ncwrelay.bench.report;

import org.jspecify.annotations.NullMarked;
