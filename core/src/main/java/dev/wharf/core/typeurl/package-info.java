/**
 * Values whose type is named by a URL and whose bytes the domain does not look into: specs, runtime options, extensions.
 */
@NullMarked
package dev.wharf.core.typeurl;

import org.jspecify.annotations.NullMarked;
