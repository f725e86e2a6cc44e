/**
 * Garbage collection: what removes the objects that no root refers to, and who may ask for a run.
 */
@NullMarked
package dev.wharf.core.gc;

import org.jspecify.annotations.NullMarked;
