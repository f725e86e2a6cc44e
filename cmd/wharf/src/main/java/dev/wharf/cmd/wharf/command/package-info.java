/**
 * The commands, one class each, and what they share: global options, the session with the daemon.
 *
 * <p>A command describes its options as a {@code Syntax}, built by hand: no annotations, no reflection. Only the class of
 * the command that was named is loaded.
 */
@NullMarked
package dev.wharf.cmd.wharf.command;

import org.jspecify.annotations.NullMarked;
