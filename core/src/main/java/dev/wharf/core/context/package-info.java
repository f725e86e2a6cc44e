/**
 * What every request carries from the edge to the kernel: its namespace, its lease and its deadline.
 *
 * <p>Passed as the first argument, never kept in a thread local, so that a reader sees where it goes. Uses
 * {@code names} and {@code error} only.
 */
@NullMarked
package dev.wharf.core.context;

import org.jspecify.annotations.NullMarked;
