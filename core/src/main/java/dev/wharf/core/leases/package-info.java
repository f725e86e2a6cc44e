/**
 * Leases: what protects objects from garbage collection while nothing else refers to them yet.
 */
@NullMarked
package dev.wharf.core.leases;

import org.jspecify.annotations.NullMarked;
