/**
 * The configured Fireblocks accounts: {@link Accounts} finds the API users of a tenant, with their API keys and private
 * keys from settings or files. Invalid credentials stop the start; {@link CredentialsReloader} replaces keys when the
 * files change. No text form of a type here shows a secret.
 */
@NullMarked
package dev.ncwrelay.rpc.credentials;

import org.jspecify.annotations.NullMarked;
