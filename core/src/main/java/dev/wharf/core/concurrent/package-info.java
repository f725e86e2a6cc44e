/**
 * Work by several threads that belongs to one request: groups that end together, turns by key, cleaning up after an
 * interrupt.
 *
 * <p>Blocking code on virtual threads. Uses {@code error} only. An interrupt of the thread a request runs on must end
 * all that was begun for it.
 */
@NullMarked
package dev.wharf.core.concurrent;

import org.jspecify.annotations.NullMarked;
