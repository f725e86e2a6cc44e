/**
 * Logs of a shim: that of the process, which slf4j's loggers write into a bounded file of the group, and those of the
 * bundles, which daemons read from fifos. Lines look like those of containerd.
 */
@NullMarked
package dev.wharf.shim.log;

import org.jspecify.annotations.NullMarked;
