/**
 * Pods: namespaces held by a process without a program, which containers join.
 *
 * <p>A container is a member of the sandbox that the file {@code sandbox} in its bundle names, as containerd writes it;
 * without the file, of the only sandbox of its namespace, if there is just one. Each sandbox is kept as a file of the
 * group's directory, so that a later process goes on with it. Uses lib/linux, bundle and the loop.
 */
@NullMarked
package dev.wharf.cmd.shim.sandbox;

import org.jspecify.annotations.NullMarked;
