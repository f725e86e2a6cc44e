/**
 * The Transfer service: sources and destinations decoded, with the client's streams behind them as streams of bytes,
 * progress and credentials.
 *
 * <p>A client that goes, or its deadline, ends the transfer: its thread is interrupted. A client that does not read its
 * progress does not slow the transfer down. Streams a transfer was given end with it.
 */
@NullMarked
package dev.wharf.services.transfer;

import org.jspecify.annotations.NullMarked;
