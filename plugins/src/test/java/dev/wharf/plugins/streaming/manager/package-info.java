/** Tests of the map of streams. */
@NullMarked
package dev.wharf.plugins.streaming.manager;

import org.jspecify.annotations.NullMarked;
