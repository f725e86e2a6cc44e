/**
 * Images: names that point at a descriptor in the content store.
 */
@NullMarked
package dev.wharf.core.images;

import org.jspecify.annotations.NullMarked;
