/**
 * What the demo API knows of a user: the devices, from the registry, and where the passphrases of backups are kept, from
 * {@code ncw.passphrases}. Both are in memory on every node, and only if the demo API is used.
 */
@NullMarked
package dev.ncwrelay.delivery.demo.user;

import org.jspecify.annotations.NullMarked;
