/**
 * Times as the texts that containerd's users and labels have them: durations the way Go writes them.
 *
 * <p>Values and pure functions; no clock is read here.
 */
@NullMarked
package dev.wharf.core.time;

import org.jspecify.annotations.NullMarked;
