/**
 * containerd's filter language: parsing it and matching it against anything that offers fields by path.
 *
 * <p>A pure algorithm over {@link dev.wharf.core.filter.Fields}; it knows no object of the domain.
 */
@NullMarked
package dev.wharf.core.filter;

import org.jspecify.annotations.NullMarked;
