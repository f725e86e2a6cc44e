/**
 * Namespaces: the borders between clients that share one daemon. Objects of one are invisible in all others.
 */
@NullMarked
package dev.wharf.core.namespaces;

import org.jspecify.annotations.NullMarked;
