/**
 * Runtimes and tasks: what runs a container. The implementations drive shims; the callers are the services and the CRI.
 */
@NullMarked
package dev.wharf.core.runtime;

import org.jspecify.annotations.NullMarked;
