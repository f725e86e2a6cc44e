/**
 * The group of containers a shim process serves, as files beside its socket. All names derive from the socket's path,
 * which the launcher computes.
 *
 * <table>
 * <caption>Files of a group</caption>
 * <tr><td>{@code SOCKET}</td><td>the unix socket</td></tr>
 * <tr><td>{@code SOCKET.shim}</td><td>who serves it: {@code PID STARTTIME\n}, the second as field 22 of
 * {@code /proc/PID/stat}; replaced atomically; there only while a process accepts on the socket or has been killed</td></tr>
 * <tr><td>{@code SOCKET.d/}</td><td>the group's directory: the runtime's state and the files below</td></tr>
 * <tr><td>{@code SOCKET.d/lock}</td><td>flock(2) of the serving process</td></tr>
 * <tr><td>{@code SOCKET.d/started}</td><td>made by each {@code start} before it reads {@code SOCKET.shim}</td></tr>
 * <tr><td>{@code SOCKET.d/log}, {@code log.1}</td><td>log of the process, at most 1 MiB each</td></tr>
 * <tr><td>{@code SOCKET.d/stderr}</td><td>what the JVM itself has to say</td></tr>
 * </table>
 *
 * <p>What must stay true: the launcher reads {@code SOCKET.shim} with a shell's {@code read}, so it is one short line; a
 * {@code start} that has answered with this process's address before {@code SOCKET.shim} went has left its mark, so that
 * a process about to end sees it and stays.
 */
@NullMarked
package dev.wharf.shim.group;

import org.jspecify.annotations.NullMarked;
