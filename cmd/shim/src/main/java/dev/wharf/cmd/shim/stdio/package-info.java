/**
 * The standard streams of processes: fifos and files handed to the process itself, loggers, terminals.
 *
 * <p>No byte passes through this program but those of terminals, and these by splice(2) where the kernel can. What a
 * reader has not taken blocks only the process that wrote it. Uses lib/linux, the event loop and bundle's values.
 */
@NullMarked
package dev.wharf.cmd.shim.stdio;

import org.jspecify.annotations.NullMarked;
