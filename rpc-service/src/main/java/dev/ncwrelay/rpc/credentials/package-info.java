/**
 * API keys and private keys of the configured Fireblocks accounts, read from settings or files. Invalid credentials
 * stop the start. No text form of a type here shows a secret.
 */
@NullMarked
package dev.ncwrelay.rpc.credentials;

import org.jspecify.annotations.NullMarked;
