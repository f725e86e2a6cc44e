/**
 * Command lines: what may stand on them, reading them, help, completion and manual pages. Uses the JDK only, and loads
 * as little of it as it can: this runs before everything a person waits for.
 */
@NullMarked
package dev.wharf.cmd.wharf.args;

import org.jspecify.annotations.NullMarked;
