/**
 * Conversions between core's values and containerd's messages, both ways, and between failures and statuses.
 *
 * <p>Written once for the services, which decode requests and encode answers, and for the client, which does the
 * reverse. May use core and api only; a class here touches the messages of one service, so that a program that talks
 * to one service loads the messages of that one alone. Absent messages become null or the empty value, never the other
 * way round by accident: each method says which. Times: {@code EPOCH} stands for "never". Type URLs of events are
 * written bare ({@code containerd.events.TaskExit}), as containerd does.
 */
@NullMarked
package dev.wharf.wire;

import org.jspecify.annotations.NullMarked;
