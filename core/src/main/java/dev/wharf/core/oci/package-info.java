/**
 * The nouns of the OCI image specification that wharf handles as values: digests, descriptors, platforms, media types,
 * chain ids and image references. No I/O and no JSON.
 */
@NullMarked
package dev.wharf.core.oci;

import org.jspecify.annotations.NullMarked;
