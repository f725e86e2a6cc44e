/**
 * The services a shim serves, made of a runtime's {@link dev.wharf.shim.TaskService}, {@link
 * dev.wharf.shim.SandboxService} and {@link dev.wharf.shim.TransferService}. Both versions of the task service are made of one list of methods, since their
 * messages have the same bytes. Errors become statuses here and nowhere else.
 */
@NullMarked
package dev.wharf.shim.rpc;

import org.jspecify.annotations.NullMarked;
