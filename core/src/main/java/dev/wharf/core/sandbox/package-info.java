/**
 * Sandboxes: metadata of environments that containers can join, such as pods.
 */
@NullMarked
package dev.wharf.core.sandbox;

import org.jspecify.annotations.NullMarked;
