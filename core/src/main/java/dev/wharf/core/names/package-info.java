/**
 * The rules for names: identifiers (namespaces, containers, tasks, sandboxes, parts of event topics) and labels.
 */
@NullMarked
package dev.wharf.core.names;

import org.jspecify.annotations.NullMarked;
