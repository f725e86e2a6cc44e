/**
 * JSON as the client reads and writes it: image documents and runtime specs, by Jackson.
 *
 * <p>Kept apart so that programs that touch neither do not load Jackson. Sizes are bounded by the callers, depth by
 * Jackson.
 */
@NullMarked
package dev.wharf.client.json;

import org.jspecify.annotations.NullMarked;
