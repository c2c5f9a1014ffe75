/** What events say of transactions, and which of two is the later word. */
@NullMarked
package dev.ncwrelay.delivery.transaction;

import org.jspecify.annotations.NullMarked;
