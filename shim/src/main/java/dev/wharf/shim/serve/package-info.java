/** The life of a serving shim process: from taking its group's lock to removing its files. */
@NullMarked
package dev.wharf.shim.serve;

import org.jspecify.annotations.NullMarked;
