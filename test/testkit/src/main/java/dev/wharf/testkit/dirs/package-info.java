/** Directories for tests that mount things: whatever a test leaves mounted is taken off before they are deleted. */
@NullMarked
package dev.wharf.testkit.dirs;

import org.jspecify.annotations.NullMarked;
