/**
 * What every content store and every blob store must do, as tests, and stores in memory to stand in for them.
 */
@NullMarked
package dev.wharf.testkit.content;

import org.jspecify.annotations.NullMarked;
