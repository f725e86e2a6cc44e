/**
 * Containers: metadata from which a task can be made. A container does not run; its task does.
 */
@NullMarked
package dev.wharf.core.containers;

import org.jspecify.annotations.NullMarked;
