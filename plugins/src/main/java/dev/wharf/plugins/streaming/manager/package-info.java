/**
 * The streams clients have open, by namespace and name.
 *
 * <p>In memory only: a stream ends with its connection. There are never more than a bounded number.
 */
@NullMarked
package dev.wharf.plugins.streaming.manager;

import org.jspecify.annotations.NullMarked;
