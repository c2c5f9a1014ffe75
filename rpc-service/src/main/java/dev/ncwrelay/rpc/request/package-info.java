/** What is to be called: a request from the log, checked, with the very bytes that will be sent. */
@NullMarked
package dev.ncwrelay.rpc.request;

import org.jspecify.annotations.NullMarked;
