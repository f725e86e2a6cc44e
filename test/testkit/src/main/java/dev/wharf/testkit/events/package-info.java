/** A bus for tests that remembers what was published. */
@NullMarked
package dev.wharf.testkit.events;

import org.jspecify.annotations.NullMarked;
