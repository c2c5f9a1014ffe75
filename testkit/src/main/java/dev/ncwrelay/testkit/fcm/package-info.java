/** Firebase Cloud Messaging: the HTTP v1 API that sends a message, and the token endpoint of service accounts. */
@NullMarked
package dev.ncwrelay.testkit.fcm;

import org.jspecify.annotations.NullMarked;
