/**
 * The Streaming service: clients open streams by a name, and other services use them by it.
 *
 * <p>Nothing is buffered but one message: the client is asked for the next only when somebody waits for it, and is sent
 * one only when it can take it. A stream nobody claims is closed after a while.
 */
@NullMarked
package dev.wharf.services.streaming;

import org.jspecify.annotations.NullMarked;
