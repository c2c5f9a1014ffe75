/** What every HTTP request must be before an operation reads it; which operation it is for is decided later. */
@NullMarked
package dev.ncwrelay.delivery.request;

import org.jspecify.annotations.NullMarked;
