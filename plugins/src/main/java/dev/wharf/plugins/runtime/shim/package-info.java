/**
 * The task runtime that drives shims: {@code io.containerd.runtime.v2.task} with {@code io.containerd.shim.v1.manager}.
 *
 * <p>A shim is a program of its own that holds the processes of one or more containers. It is started by its binary,
 * spoken to by ttRPC on the socket it answers with, and outlives this daemon: what is needed to find it again is on disk
 * in the bundle. A bundle is the directory {@code <state>/<namespace>/<id>} (mode 0700) with
 *
 * <ul>
 *   <li>{@code config.json}: the runtime spec; {@code rootfs}: where the shim mounts the root; {@code work}: a link to
 *       {@code <root>/<namespace>/<id>}
 *   <li>{@code log}: the FIFO the shim logs to
 *   <li>{@code bootstrap.json}: version, address and protocol of the shim; {@code shim-binary-path}: its program;
 *       {@code sandbox}: the sandbox whose shim the container shares, if it does
 *   <li>{@code init.pid} and {@code EXEC.pid}: processes as the engine wrote them down, by which orphans are known whose
 *       exit codes the next shim asks for
 *   <li>files of the shim's own: {@code address} (shims up to 1.7), {@code options.json}, {@code runtime},
 *       {@code log.json}
 * </ul>
 *
 * <p>What must stay true: no lock is held while a shim or another process is waited for; every such wait but
 * {@code Wait} has a deadline, so that a shim that hangs hurts its own containers only; a bundle is never removed while
 * the first process of its container is known to live; a create that fails leaves no directory, mount, process or socket;
 * closing the runtime leaves all shims running.
 *
 * <p>Uses core, the generated shim API, lib/ttrpc and lib/linux.
 */
@NullMarked
package dev.wharf.plugins.runtime.shim;

import org.jspecify.annotations.NullMarked;
