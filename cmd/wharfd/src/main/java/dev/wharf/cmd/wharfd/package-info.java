/**
 * wharfd, the daemon: reads its configuration, prepares its process, starts its plugins and listens until it is told to
 * stop.
 *
 * <p>{@link dev.wharf.cmd.wharfd.Main} is the command line, {@link dev.wharf.cmd.wharfd.Daemon} what runs, and
 * {@link dev.wharf.cmd.wharfd.Builtins} the one list of what is built in. This is the only module that knows all others;
 * everything is wired here by hand.
 */
@NullMarked
package dev.wharf.cmd.wharfd;

import org.jspecify.annotations.NullMarked;
