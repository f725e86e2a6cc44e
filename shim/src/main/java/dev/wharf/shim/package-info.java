/**
 * What a runtime v2 shim is written with: a {@link dev.wharf.shim.Runtime} answers with its tasks, the packages below
 * this one speak to daemons.
 *
 * <p>A shim process serves one daemon and one group of containers, by default all of the machine, of any namespace. It
 * may be killed at any time and another one started, which then takes back what the first one left. Messages are those
 * of the task service's version 3; version 2 has the same bytes and is served beside it.
 *
 * <p>This package holds only what runtimes see: interfaces, values and errors. It may use api, streams, lib/ttrpc and
 * lib/linux.
 */
@NullMarked
package dev.wharf.shim;

import org.jspecify.annotations.NullMarked;
