/**
 * The daemon's event bus, in memory: plugin {@code io.containerd.event.v1.exchange}.
 *
 * <p>Uses the domain only. What must stay true: publishing never waits for a subscriber, and nothing is kept for
 * subscribers of later.
 */
@NullMarked
package dev.wharf.plugins.events;

import org.jspecify.annotations.NullMarked;
