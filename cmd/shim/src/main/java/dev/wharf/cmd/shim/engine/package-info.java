/**
 * The OCI engines (runc, crun, youki, runsc) by their command line.
 *
 * <p>Every command is a process group of its own that is killed when its time is over. What went wrong is told in the
 * engine's own words, taken from its JSON log or else from what it printed. Uses lib/linux and the event loop.
 */
@NullMarked
package dev.wharf.cmd.shim.engine;

import org.jspecify.annotations.NullMarked;
