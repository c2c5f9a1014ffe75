/** Whether a webhook is Fireblocks': its signature over the very bytes received. */
@NullMarked
package dev.ncwrelay.ingress.verify;

import org.jspecify.annotations.NullMarked;
