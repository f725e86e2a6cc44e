/**
 * What a daemon does to its process and its directories before and around its plugins: directories and modes, the lock
 * of the root, signals, the service manager, and a few numbers of the kernel. Knows neither plugins nor wire.
 */
@NullMarked
package dev.wharf.cmd.wharfd.boot;

import org.jspecify.annotations.NullMarked;
