/**
 * Events: what happened, published on one bus with a topic and a namespace, and subscribed to with filters.
 *
 * <p>Events known to wharf are records; events of others (vendors' shims) pass through with their bytes untouched.
 */
@NullMarked
package dev.wharf.core.events;

import org.jspecify.annotations.NullMarked;
