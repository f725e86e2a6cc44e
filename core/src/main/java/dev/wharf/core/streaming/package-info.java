/**
 * Named streams: what a client opens under a name, for other calls to refer to by that name.
 *
 * <p>Both ends send typed values; what they mean is agreed between the two ends (progress, archives, credentials of
 * transfers). Uses {@code context} and {@code typeurl}. A stream is known by its name from its registration until it
 * ends, and no longer.
 */
@NullMarked
package dev.wharf.core.streaming;

import org.jspecify.annotations.NullMarked;
