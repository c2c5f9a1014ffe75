/**
 * Signs requests with a JWT over the exact bytes of the body, a new one for each attempt. {@link Accounts} finds the
 * API users of a tenant; {@link CredentialsReloader} replaces their keys when the files change.
 */
@NullMarked
package dev.ncwrelay.rpc.sign;

import org.jspecify.annotations.NullMarked;
