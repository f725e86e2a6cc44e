/**
 * Containers and their processes as containerd's task service has them, over an engine.
 *
 * <p>What must stay true: state is on disk before it is relied on; events of a container leave in the order in which
 * things happened, all ends of added processes before the end of the first one; nothing that leaves this process is
 * called under a lock. May use everything else of this program.
 */
@NullMarked
package dev.wharf.cmd.shim.task;

import org.jspecify.annotations.NullMarked;
