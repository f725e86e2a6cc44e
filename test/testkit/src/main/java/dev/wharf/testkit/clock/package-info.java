/** Time for tests: a clock that stands still until a test moves it. */
@NullMarked
package dev.wharf.testkit.clock;

import org.jspecify.annotations.NullMarked;
