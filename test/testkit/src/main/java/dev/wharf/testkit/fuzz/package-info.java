/** Damaged input for tests of readers. Repeatable: all chance comes from a generator the test seeds. */
@NullMarked
package dev.wharf.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
