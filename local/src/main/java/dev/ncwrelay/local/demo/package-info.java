/** The demo: both message flows, once, each step checked and shown. */
@NullMarked
package dev.ncwrelay.local.demo;

import org.jspecify.annotations.NullMarked;
